import { OptionError } from '@hybridcam/core';
import { NAME_PREFIX } from '../autodiff/backward-model.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { BakeRequest } from './bake-options.ts';

/** Outputs that a baked file has more than the model, in their order. */
export function addedOutputs({ outputs, method, prefix }: BakeRequest): string[] {
  const count = method === 'cross-layer-hybrid' ? 2 : 1;
  const perLayer = (kind: string): string[] =>
    count === 1 ? [kind] : Array.from({ length: count }, (_, i) => `${kind}_${i + 1}`);
  return ['cam', ...outputs.flatMap((output) => (output === 'saliency' ? [output] : perLayer(output)))].map(
    (name) => prefix + name,
  );
}

/** @throws OptionError when the model has a tensor of an added name, or is a baked one */
export function assertNewNames(graph: GraphIndex, request: BakeRequest): void {
  const exists = (name: string): boolean =>
    graph.producer.has(name) || graph.valueInfos.has(name) || graph.initializers.has(name);
  if (graph.nodes.some(({ outputs }) => outputs.some((name) => name.startsWith(NAME_PREFIX)))) {
    throw new OptionError('bakeModel: expected a model as exported; received one that is baked already.');
  }
  const added = [...addedOutputs(request), ...request.inputs.map((name) => request.prefix + name)];
  const taken = added.find(exists);
  if (taken === undefined) return;
  throw new OptionError(
    `bakeModel: expected a model without a tensor "${taken}"; it has one. Give the added names a "prefix".`,
  );
}
