import { type JsonRecord, recordOf } from './json-record.ts';

/** Who wrote a LayersModel's model.json. */
export type Writer = 'tfjs' | 'keras 1 or 2' | 'keras 3';

/** The part of a topology that describes the network: Keras puts it beside its own version. */
export function modelConfig(topology: JsonRecord): JsonRecord {
  return recordOf(topology['model_config']) ?? topology;
}

/** Entries of the layers of a network, [] for a layer that is none. */
export function layerEntries(entry: JsonRecord): readonly JsonRecord[] {
  const config = entry['config'];
  // A Sequential of Keras 1 is the list itself.
  const list: unknown = Array.isArray(config) ? config : recordOf(config)?.['layers'];
  return Array.isArray(list) ? list.map(recordOf).filter((layer) => layer !== undefined) : [];
}

export function nameOf(entry: JsonRecord): string {
  return String(entry['name'] ?? recordOf(entry['config'])?.['name']);
}

/** All layers, those of nested models and wrappers too. */
export function allLayers(entry: JsonRecord): JsonRecord[] {
  const wrapped = recordOf(recordOf(entry['config'])?.['layer']);
  const inner = [...layerEntries(entry), ...(wrapped ? [wrapped] : [])];
  return inner.flatMap((layer) => [layer, ...allLayers(layer)]);
}

/** By what only Keras 3 writes, else by the version that is written down. */
export function writerOf(topology: JsonRecord): Writer {
  const network = modelConfig(topology);
  const newer = allLayers(network).some(
    (layer) =>
      Array.isArray(recordOf(layer['config'])?.['batch_shape']) ||
      (Array.isArray(layer['inbound_nodes']) && layer['inbound_nodes'].some((node) => recordOf(node))),
  );
  const version = String(topology['keras_version'] ?? network['keras_version'] ?? '');
  if (newer || Number.parseInt(version, 10) >= 3) return 'keras 3';
  return version.startsWith('tfjs') ? 'tfjs' : 'keras 1 or 2';
}
