import '@tensorflow/tfjs-backend-cpu';
import {
  AbortedError,
  type AbortSignalLike,
  crossLayerHybrid,
  explain,
  type Model,
  pack,
  view,
} from '@hybridcam/core';
import { createOnnxModel, type OrtRuntime } from '@hybridcam/onnx';
import { createTfjsModel } from '@hybridcam/tfjs';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import * as ort from 'onnxruntime-node';
import { beforeAll, expect, test } from 'vitest';
import { toyModel } from '../../../packages/onnx/test/toy-model.ts';

const input = view(
  Float32Array.from({ length: 3 * 8 * 8 }, (_, i) => Math.sin(i)),
  [1, 3, 8, 8],
);
/** Two layers, of which one needs a backward pass. */
const request = { method: crossLayerHybrid({ alpha: 0.5 }) };

/** A signal that fires when it is looked at for the `at`-th time: between every two steps of an explanation it is looked at. */
function firesAt(at: number): AbortSignalLike & { readonly looks: number } {
  let looks = 0;
  return {
    get looks() {
      return looks;
    },
    get aborted() {
      return ++looks > at;
    },
  };
}

/** Aborts an explanation at each place where it can be; then it must still give the map it gave before. */
async function abortEverywhere(model: Model, afterEach: () => void): Promise<void> {
  const before = pack((await explain(model, input, request)).cam);
  afterEach();
  for (let at = 0; ; at++) {
    const signal = firesAt(at);
    const aborted = await explain(model, input, { ...request, signal }).then(
      () => false,
      (error: unknown) => {
        expect(error).toBeInstanceOf(AbortedError);
        return true;
      },
    );
    afterEach();
    if (!aborted) {
      expect(signal.looks).toBe(at);
      expect(at).toBeGreaterThan(2);
      break;
    }
    if (at > 500) throw new Error('abortEverywhere: no end.');
    expect(pack((await explain(model, input, request)).cam)).toEqual(before);
    afterEach();
  }
}

test('onnx: an explanation that is aborted anywhere leaves no session behind', async () => {
  let open = 0;
  const counted: OrtRuntime = {
    ...(ort as unknown as OrtRuntime),
    InferenceSession: {
      async create(...args: Parameters<OrtRuntime['InferenceSession']['create']>) {
        const session = await (ort as unknown as OrtRuntime).InferenceSession.create(...args);
        open++;
        const release = session.release.bind(session);
        session.release = async () => {
          open--;
          await release();
        };
        return session;
      },
    } as OrtRuntime['InferenceSession'],
  };
  const model = await createOnnxModel(toyModel(), { ort: counted, name: 'toy' });
  let most: number | undefined;
  await abortEverywhere(model, () => {
    most ??= open;
    expect(open).toBeLessThanOrEqual(most);
  });
  await model.dispose();
  expect(open).toBe(0);

  // The same while nothing is cached yet: each time a model that has never explained.
  for (let at = 0; at < 12; at++) {
    const fresh = await createOnnxModel(toyModel(), { ort: counted, name: 'toy' });
    await explain(fresh, input, { ...request, signal: firesAt(at) }).catch(() => undefined);
    await fresh.dispose();
    expect(open).toBe(0);
  }
});

beforeAll(() => tf.setBackend('cpu'));

test('tfjs: an explanation that is aborted anywhere leaves no tensor behind', async () => {
  const network = sequential({
    layers: [
      layers.conv2d({
        name: 'a',
        inputShape: [8, 8, 3],
        filters: 4,
        kernelSize: 3,
        padding: 'same',
        activation: 'relu',
      }),
      layers.conv2d({
        name: 'b',
        filters: 5,
        kernelSize: 3,
        strides: 2,
        padding: 'same',
        activation: 'relu',
      }),
      layers.globalAveragePooling2d({}),
      layers.dense({ units: 3 }),
    ],
  });
  const before = tf.memory().numTensors;
  const model = await createTfjsModel(network);
  let most: number | undefined;
  await abortEverywhere(model, () => {
    most ??= tf.memory().numTensors;
    expect(tf.memory().numTensors).toBeLessThanOrEqual(most);
  });
  await model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  network.dispose();
});
