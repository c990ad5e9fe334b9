import { moduleScopes, preferredScope } from './scopes.ts';
import type { SpatialTensor } from './spatial-tensors.ts';

/** A map that is a layer, and what it is called. */
export interface NamedTensor {
  readonly tensor: SpatialTensor;
  /** Its canonical name. */
  readonly name: string;
  /** The modules that it ends. */
  readonly scopes: readonly string[];
}

/**
 * One layer per module: the last map that each module scope makes (every map, where the exporter left no scopes). A map that
 * ends several nested modules is one layer with all their paths as names.
 */
export function nameLayers(
  tensors: readonly SpatialTensor[],
  defaultTensor: string | undefined,
): readonly NamedTensor[] {
  const lastOfScope = new Map<string, string>();
  for (const { name, node } of tensors) for (const scope of moduleScopes(node)) lastOfScope.set(scope, name);
  const scopesOf = new Map<string, string[]>();
  for (const [scope, name] of lastOfScope) scopesOf.set(name, [...(scopesOf.get(name) ?? []), scope]);
  const whole = wholeScopes(tensors);
  const taken = new Set<string>();
  const named: NamedTensor[] = [];
  for (const tensor of tensors) {
    const scopes = scopesOf.get(tensor.name) ?? [];
    // A slice without a module's name is a step of something else: a shift, a patch merging, a split of channels.
    const unscoped = moduleScopes(tensor.node).length === 0 && tensor.node.opType !== 'Slice';
    if (scopes.length === 0 && !unscoped && tensor.name !== defaultTensor) continue;
    const preferred = preferredScope(scopes.filter((scope) => !whole.has(scope))) ?? preferredScope(scopes);
    const name = preferred !== undefined && !taken.has(preferred) ? preferred : tensor.name;
    taken.add(name);
    named.push({ tensor, name, scopes });
  }
  return named;
}

/** Scopes that every map with scopes lies in: TensorFlow's exporters begin each name with the model's, which names no layer. */
function wholeScopes(tensors: readonly SpatialTensor[]): ReadonlySet<string> {
  const [first = [], ...others] = tensors
    .map(({ node }) => moduleScopes(node))
    .filter(({ length }) => length > 0);
  return new Set(first.filter((scope) => others.every((scopes) => scopes.includes(scope))));
}
