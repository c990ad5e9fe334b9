import { UnsupportedError } from '@hybridcam/core';
import { AS_GRAPH_MODEL } from './as-graph-model.ts';
import { type JsonRecord, recordOf } from './json-record.ts';
import { layerEntries, nameOf } from './keras-topology.ts';
import type { WeightSpec } from './weight-manifest.ts';

/** A layer whose name another layer with weights has too, under the name that is its own. */
export interface RenamedLayer {
  readonly entry: JsonRecord;
  readonly name: string;
}

/**
 * To TensorFlow.js a weight is a layer's name and a variable, so two nested models must not share the name of a layer; in Keras 3 they may.
 * Its files name the weights of a nested Sequential with the model (`a/conv/kernel`), those of a functional one without it
 * (`conv/kernel`, once for each outermost layer, in the order of the layers).
 *
 * @returns the layer of each weight whose layer's name is shared, renamed to `conv/in/a`; at the top it keeps its name
 * @throws UnsupportedError where layers and weights of one name are not equally many
 */
export function sharedLayerNames(
  network: JsonRecord,
  weightSpecs: readonly WeightSpec[],
): ReadonlyMap<WeightSpec, RenamedLayer> {
  const byName = grouped(placedLayers(network, [nameOf(network)]), ({ entry }) => nameOf(entry));
  const owners = new Map<WeightSpec, RenamedLayer>();
  const variables = grouped(weightSpecs, ({ name }) => name.split('/').slice(-2).join('/'));
  for (const [weight, specs] of variables) {
    const [name, variable] = weight.split('/') as [string, string | undefined];
    const layers = byName.get(name) ?? [];
    if (variable === undefined || layers.length < 2) continue;
    const free = new Set(layers.filter(({ entry }) => mayHold(entry, variable)));
    const paths = [...grouped(specs, (spec) => spec.name)];
    // The longest say most, and what they take is no longer free to those that say less.
    for (const [path, alike] of paths.sort(([a], [b]) => depth(b) - depth(a))) {
      const found = layersAt(path.split('/').slice(0, -1), [...free]);
      if (found.length !== alike.length) throw ambiguous(path, alike.length, layers);
      alike.forEach((spec, i) => {
        const layer = found[i]!;
        free.delete(layer);
        owners.set(spec, { entry: layer.entry, name: uniqueName(layer) });
      });
    }
  }
  return owners;
}

/** Keras 3 allows no slash in a name, and TensorFlow.js little else beside letters and digits. */
const IN = '/in/';

/** `conv/in/a` within `a` as the user knows it. */
export function nameWithin(name: string, models: readonly string[]): string {
  const suffix = `${IN}${models.join('/')}`;
  return name.endsWith(suffix) ? name.slice(0, -suffix.length) : name;
}

interface PlacedLayer {
  readonly entry: JsonRecord;
  /** Names from the network itself to the layer. */
  readonly path: readonly string[];
}

function placedLayers(network: JsonRecord, path: readonly string[]): PlacedLayer[] {
  return layerEntries(network).flatMap((entry) => {
    const placed = { entry, path: [...path, nameOf(entry)] };
    return [placed, ...placedLayers(entry, placed.path)];
  });
}

function uniqueName({ path }: PlacedLayer): string {
  const [name, ...models] = [path.at(-1)!, ...path.slice(1, -1)];
  return models.length === 0 ? name : `${name}${IN}${models.join('/')}`;
}

/** Those at the end of the path, or of as much of it as is an end of any. */
function layersAt(path: readonly string[], layers: readonly PlacedLayer[]): PlacedLayer[] {
  for (const start of path.keys()) {
    const end = `/${path.slice(start).join('/')}`;
    const found = layers.filter((layer) => `/${layer.path.join('/')}`.endsWith(end));
    if (found.length > 0) return found;
  }
  return [];
}

/** Layers without a variable may have the name of one that has it; of unknown variables any layer may be the owner. */
function mayHold(entry: JsonRecord, variable: string): boolean {
  const kind = String(entry['class_name']);
  const options = recordOf(entry['config']) ?? {};
  const multiplies = /Conv|Dense/.test(kind);
  const normalizes = kind.includes('Normalization');
  switch (variable) {
    case 'kernel':
      return multiplies && !kind.startsWith('Separable');
    case 'bias':
      return multiplies && options['use_bias'] !== false;
    case 'depthwise_kernel':
    case 'pointwise_kernel':
      return kind.startsWith('Separable');
    case 'gamma':
      return normalizes && options['scale'] !== false;
    case 'beta':
      return normalizes && options['center'] !== false;
    case 'moving_mean':
    case 'moving_variance':
      return kind === 'BatchNormalization';
    case 'alpha':
      return kind === 'PReLU';
    default:
      return layerEntries(entry).length === 0;
  }
}

function ambiguous(weight: string, count: number, layers: readonly PlacedLayer[]): UnsupportedError {
  const names = layers.map(({ path }) => `"${path.slice(1).join('/')}"`);
  return new UnsupportedError(
    `tfjs model: expected as many weights "${weight}" as layers they can belong to (of ${names.join(', ')}); received ${count}. ` +
      `Give these layers different names in Keras and convert again, or ${AS_GRAPH_MODEL}`,
  );
}

function depth(path: string): number {
  return path.split('/').length;
}

function grouped<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) groups.set(key(item), [...(groups.get(key(item)) ?? []), item]);
  return groups;
}
