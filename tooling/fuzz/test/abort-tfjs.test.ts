import '@tensorflow/tfjs-backend-cpu';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { crossLayerHybrid, explain, type Model, pack, view } from '@hybridcam/core';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import { createTfjsModel, loadTfjsModel } from '@hybridcam/tfjs';
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
let server: Server;
let site: string;
let loading = false;
const sockets = new Set<Socket>();

beforeAll(async () => {
  await tf.setBackend('cpu');
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-abort-tfjs-'));
  layersModel = await writeTinyTfjsModel(folder);
  server = createServer((request, response) => {
    const bytes = readFileSync(path.join(path.dirname(layersModel), path.basename(request.url!)));
    response.writeHead(200, { 'content-length': bytes.length, connection: 'close' });
    // In two pieces, so that one is waited for.
    response.write(bytes.subarray(0, bytes.length / 2));
    setTimeout(() => response.end(bytes.subarray(bytes.length / 2)), 5);
  });
  // Node's own fetch keeps connections, also one whose request was aborted before it was sent: they end here, with the load.
  server.on('connection', (socket) => {
    if (!loading) socket.destroy();
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  site = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.json`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
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
    most: 60,
  });
  expectRefusedEverywhere(report, 4);
});

test('loadTfjsModel over HTTP', async () => {
  const load = async (signal: AbortSignal): Promise<Model> => {
    loading = true;
    try {
      return await loadTfjsModel(site, { signal });
    } finally {
      loading = false;
      for (const socket of sockets) socket.destroy();
    }
  };
  const report = await abortAtEveryAwait(load, {
    digest,
    release: dispose,
    check: sameTensors(),
    most: 40,
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
