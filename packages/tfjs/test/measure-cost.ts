import { view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { createTfjsModel } from '../src/index.ts';

/** Medians over the rounds. */
export interface Cost {
  readonly title: string;
  readonly milliseconds: number;
  /** Of the same round's `predict`. */
  readonly ratio: number;
}

/**
 * What logits, activations and gradients at one layer cost next to `predict`, in rounds in which all take turns, so that a busy machine
 * disturbs all alike. The first round does not count. Runs in Node and in a page.
 *
 * @param layers by the title they shall have
 * @param clock in milliseconds
 */
export async function measureCost(
  source: LayersModel,
  layers: Readonly<Record<string, string>>,
  rounds: number,
  clock: () => number = () => performance.now(),
): Promise<Cost[]> {
  const model = await createTfjsModel(source);
  const values = Float32Array.from({ length: 3 * 224 * 224 }, (_, i) => Math.sin(i * 0.01));
  const input = view(values, [1, 3, 224, 224]);
  const image = tf.tidy(() => tf.transpose(tf.tensor4d(values, [1, 3, 224, 224]), [0, 2, 3, 1]));
  const cotangent = new Float32Array(model.classCount);
  cotangent[0] = 1;
  async function predict(): Promise<void> {
    const scores = source.predict(image) as tf.Tensor;
    await scores.data();
    scores.dispose();
  }
  const explain = (layer: string) => async (): Promise<void> => {
    const pass = await model.forward(input, { layers: [layer] });
    await pass.gradients([layer], view(cotangent, [1, model.classCount]));
    pass.dispose();
  };
  const tasks = [
    { title: 'predict', run: predict },
    ...Object.entries(layers).map(([title, layer]) => ({ title, run: explain(layer) })),
  ];
  const times: number[][] = [];
  for (let round = -1; round < rounds; round++) {
    const row: number[] = [];
    for (const { run } of tasks) {
      const start = clock();
      await run();
      row.push(clock() - start);
    }
    if (round >= 0) times.push(row);
  }
  image.dispose();
  await model.dispose();
  return tasks.map(({ title }, i) => ({
    title,
    milliseconds: median(times.map((row) => row[i]!)),
    ratio: median(times.map((row) => row[i]! / row[0]!)),
  }));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}
