import { type NdArray, NonFiniteError, pack, ShapeError, view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { allFinite } from './all-finite.ts';
import { channelsFirst } from './channels-first.ts';
import type { Evaluation, Layout, ModelGraph } from './model-graph.ts';
import { readValues } from './read-values.ts';
import { runtimeError } from './runtime-error.ts';
import { spatialSize } from './spatial-layers.ts';

/** One run on a checked input: the values of `fetch`, kept. */
export function runGraph(
  graph: ModelGraph,
  values: Float32Array,
  shape: readonly number[],
  fetch: readonly string[],
): Evaluation {
  const image = tf.tidy(() => {
    const given = tf.tensor4d(values, shape as [number, number, number, number]);
    return tf.keep(graph.input.layout === 'NHWC' ? tf.transpose(given, [0, 2, 3, 1]) : tf.clone(given));
  });
  try {
    return graph.evaluate(image, new Set(fetch));
  } catch (error) {
    throw runtimeError('forward', error);
  } finally {
    image.dispose();
  }
}

/** The packed values. @throws ShapeError; NonFiniteError, unless the caller says that every one is finite */
export function checkInput(
  graph: ModelGraph,
  input: NdArray<Float32Array>,
  knownFinite = false,
): Float32Array {
  const [batch] = graph.input.shape;
  const { channels, height, width } = spatialSize(graph.input.shape, graph.input.layout);
  const expected = [batch, channels, height, width];
  const fits =
    input.shape.length === 4 &&
    input.shape.every((extent, axis) => extent >= 1 && (expected[axis] ?? extent) === extent);
  if (!fits) {
    const names = ['batch', 'channels', 'height', 'width'];
    throw new ShapeError(
      `forward: expected input [${names.map((name, axis) => expected[axis] ?? name).join(', ')}]; ` +
        `received shape [${input.shape}].`,
    );
  }
  const values = pack(input);
  if (!knownFinite && !allFinite(values)) {
    throw new NonFiniteError(
      'forward: expected a finite input; received NaN or infinity. Check the preprocessing.',
    );
  }
  return values;
}

export async function readLogits(
  tensor: tf.Tensor,
  batch: number,
  classCount: number,
): Promise<NdArray<Float32Array>> {
  const values = await readValues('forward', tensor);
  if (values.length !== batch * classCount) {
    throw new ShapeError(
      `forward: expected scores [${batch}, ${classCount}]; the model gave [${tensor.shape}].`,
    );
  }
  if (!allFinite(values)) {
    throw new NonFiniteError(
      'forward: the model gave NaN or infinite scores. Check its weights and the input’s range.',
    );
  }
  return view(Float32Array.from(values), [batch, classCount]);
}

export async function readChannelsFirst(tensor: tf.Tensor, layout: Layout): Promise<NdArray<Float32Array>> {
  const moved = tf.tidy(() => tf.keep(channelsFirst(tensor, layout)));
  try {
    return view(Float32Array.from(await readValues('forward', moved)), moved.shape);
  } finally {
    moved.dispose();
  }
}

/** Keeps only what `backward` will read. */
export function freeExcept(evaluation: Evaluation, kept: ReadonlySet<string>): Evaluation {
  const values = new Map([...evaluation.values].filter(([value]) => kept.has(value)));
  const remaining = new Set(values.values());
  for (const tensor of evaluation.values.values()) if (!remaining.has(tensor)) tensor.dispose();
  return { values, shapeOf: evaluation.shapeOf };
}

/** Every row within [0, 1] and adding up to 1. */
export function areProbabilities({ data, shape }: NdArray<Float32Array>): boolean {
  const [rows = 0, classes = 0] = shape;
  if (classes < 2) return false;
  for (let row = 0; row < rows; row++) {
    const scores = data.subarray(row * classes, (row + 1) * classes);
    const sum = scores.reduce((total, score) => total + score, 0);
    if (scores.some((score) => score < 0 || score > 1) || Math.abs(sum - 1) > 1e-4) return false;
  }
  return true;
}
