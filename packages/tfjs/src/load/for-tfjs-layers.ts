import { type JsonRecord, recordOf } from './json-record.ts';
import { allLayers, modelConfig, writerOf } from './keras-topology.ts';
import { refuseDroppedOptions } from './refuse-dropped-options.ts';
import { translateKeras3 } from './translate-keras-3.ts';
import type { WeightSpec } from './weight-manifest.ts';

/**
 * A LayersModel's topology as TensorFlow.js reads it, whichever Keras wrote it.
 * @throws UnsupportedError where TensorFlow.js would read another network out of it
 */
export function forTfjsLayers(
  topology: JsonRecord,
  weightSpecs: readonly WeightSpec[],
): { topology: JsonRecord; weightSpecs: readonly WeightSpec[] } {
  const writer = writerOf(topology);
  const translated =
    writer === 'keras 3' ? translateKeras3(topology, weightSpecs) : { topology, weightSpecs };
  refuseDroppedOptions(allLayers(modelConfig(translated.topology)), writer);
  if (writer === 'tfjs') return translated;
  return { ...translated, topology: withoutTraining(translated.topology) as JsonRecord };
}

/**
 * Without what only training reads (regularizers, constraints, first values: every weight is loaded), since TensorFlow.js does not know
 * all of them; and `silu` under the name it has there.
 */
function withoutTraining(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutTraining);
  const record = recordOf(value);
  if (!record) return value;
  return Object.fromEntries(
    Object.entries(record).flatMap(([key, inner]): [string, unknown][] => {
      if (/_(initializer|regularizer|constraint)$/.test(key) && recordOf(inner)) return [];
      if (/(^|_)activation$/.test(key) && inner === 'silu') return [[key, 'swish']];
      return [[key, withoutTraining(inner)]];
    }),
  );
}
