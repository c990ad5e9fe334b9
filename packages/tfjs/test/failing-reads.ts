import { CamError, view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { createTfjsModel } from '../src/index.ts';
import type { LoadedGraph } from './graph-fixture.ts';
import { held } from './held.ts';
import type { smallLayersModel } from './small-layers-model.ts';

type Source = LoadedGraph | { readonly source: ReturnType<typeof smallLayersModel> };

/**
 * Explains once with the first read of a tensor failing, as when a GPU is lost, once with the second, and so on until none fails; in
 * Node and in a page. `complaints` says what was left behind, or what came instead of an error of code RUNTIME.
 */
export async function failingReads(
  given: Source,
): Promise<{ readonly failures: number; readonly complaints: string[] }> {
  const create = () =>
    'artifacts' in given
      ? createTfjsModel(given.source, { artifacts: given.artifacts })
      : createTfjsModel(given.source);
  const complaints: string[] = [];
  const read = tf.Tensor.prototype.data;
  const { layers, explain } = await explaining(create);
  const before = held();
  let failures = 0;
  for (;;) {
    let tried = 0;
    tf.Tensor.prototype.data = function (this: tf.Tensor) {
      return tried++ === failures ? Promise.reject(new Error('lost')) : read.call(this);
    } as typeof read;
    let error: unknown;
    try {
      await explain();
    } catch (reason) {
      error = reason;
    } finally {
      tf.Tensor.prototype.data = read;
    }
    if (held() !== before) complaints.push(`read ${failures}: ${before} before, ${held()} after`);
    if (error === undefined) break;
    if (!(error instanceof CamError && error.code === 'RUNTIME' && error.message.endsWith(': lost'))) {
      complaints.push(`read ${failures}: ${error}`);
    }
    if (tried <= failures) {
      complaints.push(`it fails by itself: ${error}`);
      break;
    }
    failures++;
  }
  if (layers.length !== 2) complaints.push(`explained ${layers}`);
  return { failures, complaints };
}

/** A whole explanation: model, pass, gradients of an early and the last layer, the tail behind the early one. */
async function explaining(
  create: () => ReturnType<typeof createTfjsModel>,
): Promise<{ readonly layers: readonly string[]; explain(): Promise<void> }> {
  const model = await create();
  const { height, width } = model.input;
  const input = view(
    Float32Array.from({ length: 3 * height! * width! }, (_, i) => Math.sin(i)),
    [1, 3, height!, width!],
  );
  const early = model.layers.find(({ gradient }) => gradient === 'varying')!.name;
  const layers = [early, model.defaultLayer];
  await model.dispose();
  const explain = async (): Promise<void> => {
    const one = await create();
    try {
      const pass = await one.forward(input, { layers, tails: [early] });
      try {
        const cotangent = view(new Float32Array(one.classCount).fill(1), [1, one.classCount]);
        await pass.gradients(layers, cotangent);
        await pass.scoresFrom(early, pass.activations(early));
      } finally {
        pass.dispose();
      }
    } finally {
      await one.dispose();
    }
  };
  return { layers, explain };
}
