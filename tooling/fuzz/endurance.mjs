// `pnpm endurance [COUNT=1000] [ADAPTER...]`: explanations one after another on every adapter, at several layers, methods and classes.
// Reports how memory grows per explanation: the slope of a line through samples taken after a garbage collection, with its 95 % interval.
// Fails where memory grows for certain and by more than a little. Needs `pnpm build` before. tfjs-node is left out, with a word, where
// tooling/tfjs-node/build.mjs has not built it.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { crossLayerHybrid, explain, hybrid } from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import { createOnnxModel } from '@hybridcam/onnx';
import { generateScene, loadScenesNetwork } from '@hybridcam/scenes';
import { createTfjsModel } from '@hybridcam/tfjs';
import { startTfjsNode } from '@hybridcam/tfjs/node';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import { layersModel } from '@hybridcam/zoo/tfjs';
import * as tf from '@tensorflow/tfjs-core';

const SAMPLES = 50;
/** Before the count: they fill caches of plans, sessions and compiled code, and let the allocators find their size. */
const WARM_UP = 500;
/** A thousand explanations may leave this much: allocators keep pages, and compilers their code. */
const MOST_BYTES_PER_EXPLANATION = 4096;
const tfjsNode = process.env.HYBRIDCAM_TFJS_NODE ?? path.join(import.meta.dirname, '../tfjs-node/.cache');
const [count = 1000, ...wanted] = process.argv
  .slice(2)
  .map((word) => (/^\d+$/.test(word) ? Number(word) : word));

const requests = [
  { method: hybrid({ alpha: 0.7 }) },
  { method: 'layer-cam', targetLayer: 'layer3.0.relu' },
  { method: 'grad-cam', targetLayer: 'layer2.0.relu', classIndex: 3 },
  { method: crossLayerHybrid(), classIndex: 'top2' },
];
const preprocessing = {
  preset: 'minus-one-one',
  resize: { mode: 'squash', size: 96 },
  crop: { mode: 'none' },
};
const inputs = [1, 2, 3].map((seed) => preprocess(generateScene({ seed }).image, preprocessing).input);

const adapters = {
  'onnxruntime-node': async () =>
    createOnnxModel(await scenesOnnxModel(), { ort: await import('onnxruntime-node'), name: 'scenes' }),
  'onnxruntime-web wasm': async () => {
    const ort = await import('onnxruntime-web/wasm');
    ort.env.wasm.numThreads = 1;
    return createOnnxModel(await scenesOnnxModel(), { ort, name: 'scenes' });
  },
  'tfjs wasm': () =>
    tfjs(async () => {
      await import('@tensorflow/tfjs-backend-wasm');
      await tf.setBackend('wasm');
    }),
  'tfjs cpu': () =>
    tfjs(async () => {
      await import('@tensorflow/tfjs-backend-cpu');
      await tf.setBackend('cpu');
    }),
  'tfjs-node': () => tfjs(() => startTfjsNode(tfjsNode)),
};

async function tfjs(start) {
  await start();
  const network = await loadScenesNetwork();
  return createTfjsModel(layersModel(network, network.parameters), { name: 'scenes' });
}

let grew = false;
for (const [name, open] of Object.entries(adapters)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (name === 'tfjs-node' && !existsSync(tfjsNode)) {
    console.log('tfjs-node: left out, tooling/tfjs-node/build.mjs has not built it');
    continue;
  }
  const model = await open();
  const samples = [];

  for (let i = -WARM_UP; i < count; i++) {
    await explain(model, inputs[(i + WARM_UP) % inputs.length], requests[(i + WARM_UP) % requests.length]);
    if (i >= 0 && i % Math.ceil(count / SAMPLES) === 0) {
      globalThis.gc();
      const { rss, heapUsed, external } = process.memoryUsage();
      samples.push({
        i,
        rss,
        heap: heapUsed + external,
        tensors: name.startsWith('tfjs') ? tf.memory().numTensors : 0,
      });
    }
  }
  await model.dispose();
  console.log(`${name}: ${count} explanations, ${samples.length} samples`);
  for (const quantity of ['rss', 'heap', 'tensors']) {
    const { slope, low, high } = line(
      samples.map(({ i }) => i),
      samples.map((sample) => sample[quantity]),
    );
    const unit = quantity === 'tensors' ? 'tensors' : 'bytes';
    console.log(
      `  ${quantity}: ${slope.toFixed(1)} [${low.toFixed(1)}, ${high.toFixed(1)}] ${unit} per explanation, ${samples.at(-1)[quantity]} at the end`,
    );
    if (low > (quantity === 'tensors' ? 0 : MOST_BYTES_PER_EXPLANATION)) {
      grew = true;
      console.log('  GROWS');
    }
  }
}
process.exitCode = grew ? 1 : 0;

/** Least squares through points, and the 95 % interval of the slope (normal quantile: there are fifty points). */
function line(x, y) {
  const n = x.length;
  const mean = (values) => values.reduce((a, b) => a + b) / n;
  const [mx, my] = [mean(x), mean(y)];
  const sxx = x.reduce((sum, value) => sum + (value - mx) ** 2, 0);
  const slope = x.reduce((sum, value, i) => sum + (value - mx) * (y[i] - my), 0) / sxx;
  const residual = y.reduce((sum, value, i) => sum + (value - my - slope * (x[i] - mx)) ** 2, 0);
  const half = 1.96 * Math.sqrt(residual / (n - 2) / sxx);
  return { slope, low: slope - half, high: slope + half };
}
