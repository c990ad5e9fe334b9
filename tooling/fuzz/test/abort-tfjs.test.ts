import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crossLayerHybrid, explain, type Model, pack, view } from '@hybridcam/core';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import { createTfjsModel } from '@hybridcam/tfjs';
import { loadTfjsModelFile } from '@hybridcam/tfjs/node';
import * as tf from '@tensorflow/tfjs-core';
import { layers, sequential } from '@tensorflow/tfjs-layers';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTinyTfjsModel } from '../../../packages/hybridcam/test/tiny-tfjs-model.ts';
import { expectRefusedEverywhere } from '../src/expect-refused-everywhere.ts';

const graphModel = path.join(
  import.meta.dirname,
  '../../../packages/tfjs/test/fixtures/graph-model-unfused/model.json',
);
let folder: string;
let layersModel: string;

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-abort-tfjs-'));
  layersModel = await writeTinyTfjsModel(folder);
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** What TensorFlow.js held when it was asked first, and must hold again. */
function sameTensors(): () => void {
  let before: number | undefined;
  return () => {
    before ??= tf.memory().numTensors;
    expect(tf.memory().numTensors).toBe(before);
  };
}

const dispose = (model: Model): Promise<void> => model.dispose();
const digest = ({ identity, layers }: Model): unknown => ({ identity, layers });

test.each([
  ['LayersModel', () => layersModel],
  ['GraphModel', () => graphModel],
])('loadTfjsModelFile of a %s', async (_, file) => {
  const report = await abortAtEveryAwait((signal) => loadTfjsModelFile(file(), { signal }), {
    digest,
    release: dispose,
    check: sameTensors(),
  });
  expectRefusedEverywhere(report, 4);
});

test('explanations on one model', async () => {
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
  const input = view(
    Float32Array.from({ length: 3 * 8 * 8 }, (_, i) => Math.sin(i)),
    [1, 3, 8, 8],
  );
  const before = tf.memory().numTensors;
  const model = await createTfjsModel(network);
  for (const method of [crossLayerHybrid({ alpha: 0.5 }), 'score-cam' as const]) {
    const report = await abortAtEveryAwait((signal) => explain(model, input, { method, signal }), {
      digest: ({ cam }) => pack(cam),
      check: sameTensors(),
    });
    expectRefusedEverywhere(report);
  }
  await model.dispose();
  expect(tf.memory().numTensors).toBe(before);
  network.dispose();
});
