import { ModelFormatError, UnsupportedError } from '@hybridcam/core';
import { AS_GRAPH_MODEL } from './as-graph-model.ts';
import { type JsonRecord, recordOf } from './json-record.ts';
import { allLayers, layerEntries, modelConfig, nameOf } from './keras-topology.ts';
import { type RenamedLayer, sharedLayerNames } from './shared-layer-names.ts';
import type { WeightSpec } from './weight-manifest.ts';

/**
 * What Keras 3 writes, in the words of Keras 2, which are the ones TensorFlow.js reads: `batch_shape`, dtype policies, inbound nodes as
 * `{ args, kwargs }`, node numbers of nested models, renamed options, and weights by their path.
 *
 * @throws UnsupportedError for a layer that is called with something else than tensors (`x * 0.5`), which has no such words, and where
 * layers share a name and it is not to be told whose a weight is
 */
export function translateKeras3(
  topology: JsonRecord,
  weightSpecs: readonly WeightSpec[],
): { topology: JsonRecord; weightSpecs: readonly WeightSpec[] } {
  const network = modelConfig(topology);
  const depthwise = new Set(
    allLayers(network).flatMap((layer) => (layer['class_name'] === 'DepthwiseConv2D' ? nameOf(layer) : [])),
  );
  const owners = sharedLayerNames(network, weightSpecs);
  const names = new Map([...owners.values()].map(({ entry, name }) => [entry, name]));
  return {
    topology: translateNetwork(network, names),
    weightSpecs: weightSpecs.map((spec) => ({
      ...spec,
      name: weightName(spec.name, owners.get(spec), depthwise),
    })),
  };
}

/** New names of layers. */
type Names = ReadonlyMap<JsonRecord, string>;

/** What references within one network go by. */
interface Scope {
  readonly nested: ReadonlySet<string>;
  readonly names: ReadonlyMap<string, string>;
}

function translateNetwork(entry: JsonRecord, names: Names): JsonRecord {
  const layers = layerEntries(entry);
  const nested = layers.filter((layer) => layerEntries(layer).length > 0);
  const scope: Scope = {
    nested: new Set(nested.map(nameOf)),
    names: new Map(layers.map((layer) => [nameOf(layer), names.get(layer) ?? nameOf(layer)])),
  };
  // Where a network ends, Keras 3 does count that first node of a functional model.
  const uncounted = nested.filter((layer) => layer['class_name'] === 'Sequential');
  const ends: Scope = { ...scope, nested: new Set(uncounted.map(nameOf)) };
  const config = { ...recordOf(entry['config']) };
  for (const end of ['input_layers', 'output_layers']) {
    if (end in config) config[end] = endsOf(config[end]).map((reference) => translated(reference, ends));
  }
  return {
    class_name: entry['class_name'],
    config: {
      ...config,
      ...dtypeOf(config),
      layers: layers.map((layer) => translateLayer(layer, scope, names)),
    },
  };
}

function translateLayer(entry: JsonRecord, scope: Scope, names: Names): JsonRecord {
  const own = names.get(entry);
  const single = () => {
    const { class_name, config } = translateSingle(entry);
    return { class_name, config: own === undefined ? config : { ...config, name: own } };
  };
  const inner = layerEntries(entry).length > 0 ? translateNetwork(entry, names) : single();
  const nodes = entry['inbound_nodes'];
  if (!Array.isArray(nodes)) return inner;
  return {
    ...inner,
    name: own ?? nameOf(entry),
    inbound_nodes: nodes.map((node) => translateNode(node, nameOf(entry), scope)),
  };
}

function translateSingle(entry: JsonRecord): { class_name: unknown; config: JsonRecord } {
  const given = recordOf(entry['config']) ?? {};
  const config: Record<string, unknown> = { ...given, ...dtypeOf(given) };
  if (Array.isArray(config['batch_shape'])) {
    config['batch_input_shape'] = config['batch_shape'];
    delete config['batch_shape'];
  }
  if (entry['class_name'] === 'LeakyReLU' && 'negative_slope' in config) {
    config['alpha'] = config['negative_slope'];
    delete config['negative_slope'];
  }
  const wrapped = recordOf(config['layer']);
  if (wrapped) config['layer'] = translateSingle(wrapped);
  return { class_name: entry['class_name'], config };
}

/** The name of a dtype policy. Variables are float32 under the mixed ones, and so is everything here. */
function dtypeOf({ dtype }: JsonRecord): { dtype?: string } {
  const name = recordOf(recordOf(dtype)?.['config'])?.['name'] ?? dtype;
  if (typeof name !== 'string') return {};
  return { dtype: name.startsWith('mixed_') ? 'float32' : name };
}

type Reference = readonly [layer: string, node: number, tensor: number, kwargs?: JsonRecord];

/** `{ args: [tensor] }` or, for layers that merge, `{ args: [[tensor, tensor]] }`. */
function translateNode(node: unknown, layer: string, scope: Scope): Reference[] {
  // As Keras 2 writes it, and TensorFlow.js reads it.
  if (Array.isArray(node)) {
    return node.map(
      ([inbound, ...rest]: Reference): Reference => [scope.names.get(inbound) ?? inbound, ...rest],
    );
  }
  const call = recordOf(node);
  if (!call)
    throw new ModelFormatError(
      `tfjs model: expected { args, kwargs } at "${layer}"; received ${typeof node}.`,
    );
  const given = Array.isArray(call['args']) ? call['args'] : [];
  const options = Object.entries(recordOf(call['kwargs']) ?? {}).filter(
    // Everything runs as at inference.
    ([name, value]) => value !== null && name !== 'training',
  );
  const tensors = given.flat().map(tensorOf);
  const ranks = new Set(tensors.map((tensor) => tensor?.rank));
  // Operations on two tensors (`a * b`) align shapes as NumPy does, layers that merge as Keras does: only with equal ranks is that one.
  const isMerge = given.length === 1 || ranks.size === 1;
  if (options.length > 0 || tensors.length === 0 || tensors.includes(undefined) || !isMerge) {
    throw new UnsupportedError(
      `tfjs model: expected every layer to be called with tensors alone; "${layer}" is called with something else ` +
        `(a number, a keyword, tensors of different ranks). Put that into a layer such as Rescaling or Reshape, or ${AS_GRAPH_MODEL}`,
    );
  }
  return tensors.map((tensor) => translated(tensor!.reference, scope));
}

function tensorOf(value: unknown): { reference: Reference; rank: number } | undefined {
  const config = recordOf(recordOf(value)?.['config']);
  const [reference] = endsOf(config?.['keras_history']);
  const shape = config?.['shape'];
  return reference && Array.isArray(shape) ? { reference, rank: shape.length } : undefined;
}

/** TensorFlow.js gives a nested model a node of its own first; Keras 3 leaves it out of its count in calls. */
function translated([layer, node, tensor]: Reference, { nested, names }: Scope): Reference {
  return [names.get(layer) ?? layer, nested.has(layer) ? node + 1 : node, tensor];
}

/** References in the order they stand in: alone, in a list, or by name. */
function endsOf(value: unknown): Reference[] {
  if (Array.isArray(value)) {
    const [layer, node, tensor] = value;
    return typeof layer === 'string' && typeof node === 'number' && typeof tensor === 'number'
      ? [[layer, node, tensor]]
      : value.flatMap(endsOf);
  }
  return Object.values(recordOf(value) ?? {}).flatMap(endsOf);
}

/** `network/layer/kernel` to `layer/kernel`. */
function weightName(path: string, owner: RenamedLayer | undefined, depthwise: ReadonlySet<string>): string {
  const [layer, variable] = path.split('/').slice(-2);
  if (layer === undefined || variable === undefined) return path;
  const isDepthwise = owner ? owner.entry['class_name'] === 'DepthwiseConv2D' : depthwise.has(layer);
  return `${owner?.name ?? layer}/${variable === 'kernel' && isDepthwise ? 'depthwise_kernel' : variable}`;
}
