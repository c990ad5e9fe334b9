import { readFileSync } from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import type { JsonRecord } from '../../src/load/json-record.ts';
import type { WeightSpec } from '../../src/load/weight-manifest.ts';
import { fixturePath } from '../load-graph-fixture.ts';

/** A network as Keras 3 wrote it, and what Keras makes of the input of its file. */
export interface KerasCase {
  readonly topology: JsonRecord;
  readonly weights: readonly { name: string; shape: number[]; values: number[] }[];
  readonly output: { shape: number[]; values: number[] };
}

export interface KerasCases {
  readonly input: number[];
  readonly shape: number[];
  readonly cases: Readonly<Record<string, KerasCase>>;
}

export function readKerasCases(file: string): KerasCases {
  return JSON.parse(readFileSync(fixturePath(file), 'utf8'));
}

export function specsOf({ weights }: KerasCase): WeightSpec[] {
  return weights.map(({ name, shape }) => ({ name, shape, dtype: 'float32' }));
}

export function weightData({ weights }: KerasCase): ArrayBuffer {
  return new Float32Array(weights.flatMap(({ values }) => values)).buffer;
}

/** The largest difference to Keras; infinite where the shapes differ. */
export async function difference(
  { input, shape }: KerasCases,
  one: KerasCase,
  { topology, weightSpecs }: { topology: JsonRecord; weightSpecs: readonly WeightSpec[] },
): Promise<number> {
  const model = await loadLayersModel(
    tf.io.fromMemory({
      modelTopology: structuredClone(topology),
      weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
      weightData: weightData(one),
    }),
  );
  const image = tf.tensor(input, shape);
  try {
    const result = model.predict(image) as tf.Tensor;
    const values = await result.data();
    result.dispose();
    if (result.shape.join() !== one.output.shape.join()) return Number.POSITIVE_INFINITY;
    return one.output.values.reduce((most, value, i) => Math.max(most, Math.abs(value - values[i]!)), 0);
  } finally {
    image.dispose();
    model.dispose();
  }
}
