import * as tf from '@tensorflow/tfjs-core';
import * as tfl from '@tensorflow/tfjs-layers';
import { backward, keptForBackward } from '../src/backward.ts';
import { layersGraph } from '../src/layers/layers-graph.ts';
import { createWeightCache } from '../src/weight-cache.ts';
import type { GradientCase } from './gradient-cases.ts';
import { held } from './held.ts';
import { fillWeights } from './small-layers-model.ts';

export interface GradientCheck {
  /** Why there is no gradient, said in so many words. */
  readonly refused?: string;
  /** Largest error over the sampled elements but the worst `spoilt` share, relative to the largest gradient. */
  readonly error: number;
  /** What TensorFlow.js held before and holds after, where that is not the same; else ''. */
  readonly leaked: string;
}

/** Share of the elements that may sit on a kink (relu, max) whatever the step. */
const SPOILT = 0.1;
const STEPS = [2 ** -3, 2 ** -6, 2 ** -9];

/**
 * The gradient of ⟨w, layer(x)⟩ by our sweep, against central finite differences: every sampled element is a row of one
 * batch. A large step meets kinks and curvature, a small one rounding; a wrong gradient is wrong at each, so the best counts.
 */
export async function checkGradient(
  { inputShape, create }: GradientCase,
  elements = 24,
  gradientOf: typeof sweep = sweep,
): Promise<GradientCheck> {
  poison();
  const before = held();
  const leaked = (): string => (held() === before ? '' : `${before} before, ${held()} after`);
  const input = tfl.input({ shape: [...inputShape] });
  const model = tfl.model({ inputs: input, outputs: create().apply(input) as tfl.SymbolicTensor });
  fillWeights(model, 3);
  const size = inputShape.reduce((product, extent) => product * extent, 1);
  // No two values alike and none on a round number: nothing ties by accident.
  const centre = Float32Array.from(
    { length: size },
    (_, i) => 1.3 * Math.sin(1 + 12.9898 * i) + 0.1 * Math.cos(3.7 * i),
  );
  const picked = Array.from({ length: Math.min(elements, size) }, (_, i) =>
    Math.floor((i * size) / Math.min(elements, size)),
  );
  const predict = (rows: Float32Array, count: number): tf.Tensor =>
    model.predict(tf.tensor(rows, [count, ...inputShape])) as tf.Tensor;

  const output = tf.tidy(() => predict(centre, 1).shape);
  const outputSize = output.reduce((product, extent) => product * extent, 1);
  const weights = Float32Array.from({ length: outputSize }, (_, i) => Math.cos(2 + 7.77 * i));
  let gradient: Float32Array;
  try {
    gradient = await gradientOf(model, centre, inputShape, weights);
  } catch (error) {
    model.dispose();
    return { refused: (error as Error).message, error: 0, leaked: leaked() };
  }
  const errors = new Float64Array(picked.length).fill(Number.POSITIVE_INFINITY);
  for (const step of STEPS) {
    const rows = new Float32Array(2 * picked.length * size);
    const widths = picked.map((element, i) => {
      const ends = [step, -step].map((shift, side) => {
        const row = 2 * i + side;
        rows.set(centre, row * size);
        rows[row * size + element] = centre[element]! + shift;
        return rows[row * size + element]!;
      }) as [number, number];
      return ends[0] - ends[1];
    });
    const values = tf.tidy(() => predict(rows, 2 * picked.length));
    const data = await values.data();
    values.dispose();
    const score = (row: number): number => {
      let sum = 0;
      for (let j = 0; j < outputSize; j++) sum += data[row * outputSize + j]! * weights[j]!;
      return sum;
    };
    picked.forEach((element, i) => {
      const measured = (score(2 * i) - score(2 * i + 1)) / widths[i]!;
      errors[i] = Math.min(errors[i]!, Math.abs(measured - gradient[element]!));
    });
  }
  model.dispose();
  const scale = gradient.reduce((most, value) => Math.max(most, Math.abs(value)), 1e-3);
  const sorted = errors.sort();
  return {
    error: sorted[Math.ceil(sorted.length * (1 - SPOILT)) - 1]! / scale,
    leaked: leaked(),
  };
}

/** Our own reverse sweep, from the layer's output to its input. */
export async function sweep(
  model: tfl.LayersModel,
  centre: Float32Array,
  inputShape: readonly number[],
  weights: Float32Array,
): Promise<Float32Array> {
  const cache = createWeightCache();
  const graph = layersGraph(model, undefined, cache);
  const refused = graph.nodes.map(({ defect, blockedBy }) => defect ?? blockedBy).find((why) => why);
  if (refused !== undefined) {
    cache.dispose();
    throw new Error(refused);
  }
  const wanted = new Set([graph.input.value]);
  const x = tf.tensor(centre, [1, ...inputShape]);
  const kept = keptForBackward(graph, graph.output, wanted);
  const evaluation = graph.evaluate(x, new Set([graph.output, ...kept]));
  const seed = tf.tensor(weights, [...evaluation.shapeOf(graph.output)]);
  try {
    const gradients = backward(graph, evaluation, graph.output, seed, wanted);
    const data = (await gradients.get(graph.input.value)!.data()) as Float32Array;
    tf.dispose([...gradients.values()]);
    return data.slice();
  } finally {
    tf.dispose([x, seed, ...new Set(evaluation.values.values())]);
    cache.dispose();
  }
}

/** Leaves large numbers in freed memory, which a kernel that forgets to clear its output would add to. */
function poison(): void {
  tf.dispose(Array.from({ length: 40 }, (_, i) => tf.fill([1 << (4 + (i % 10))], 1e6)));
}
