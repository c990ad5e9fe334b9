import {
  type ExplainRequest,
  explainMany,
  type MethodCall,
  type MethodName,
  methodNames,
  methods,
  view,
} from '@hybridcam/core';
import { createOnnxModel } from '@hybridcam/onnx';
import { generateScene, heldOutSeed, loadScenesNetwork, type ScenesNetwork } from '@hybridcam/scenes';
import { createTfjsModel } from '@hybridcam/tfjs';
import ort from 'onnxruntime-node';
import { expect, test } from 'vitest';
import { scenesOnnxModel } from '../src/onnx.ts';
import { layersModel } from '../src/tfjs.ts';
import { useBackend } from './run-logits.ts';

const LAST = 'layer4.1';
const MIDDLE = 'layer2.1';

/** Fewer runs than the defaults. */
const SETTINGS: Partial<Record<MethodName, MethodCall['settings']>> = {
  'smooth-grad-cam-plus-plus': { draws: 2 },
  'score-cam': { channels: 8 },
  'ss-cam': { channels: 4, draws: 2 },
  'is-cam': { channels: 4, points: 2 },
  rise: { masks: 16 },
  occlusion: { window: 48, stride: 24 },
};

// Twenty scenes on every backend, browsers included: node tooling/reference/tfjs/parity.mjs --network scenes.
test('every method of layers and runs gives the same maps of a scene on ONNX Runtime and on TensorFlow.js (wasm)', {
  timeout: 300_000,
}, async () => {
  await useBackend('wasm');
  const network = await loadScenesNetwork();
  const source = layersModel(network, network.parameters);
  const tfjs = await createTfjsModel(source);
  const onnx = await createOnnxModel(await scenesOnnxModel(network), { ort, name: 'scenes' });
  const requests = methodNames.flatMap(requestsFor);
  const input = inputOf(network, heldOutSeed);
  const ours = await explainMany(tfjs, input, requests);
  const theirs = await explainMany(onnx, input, requests);
  requests.forEach((request, i) => {
    const tolerance = request.targetLayer === MIDDLE ? 1e-4 : 5e-6;
    expect(largest(ours[i]!.cam.data, theirs[i]!.cam.data), JSON.stringify(request)).toBeLessThan(tolerance);
  });
  await Promise.all([tfjs.dispose(), onnx.dispose()]);
  source.dispose();
});

/** At the last layer, and at one in the middle where the method does without a linear head. */
function requestsFor(name: MethodName): ExplainRequest[] {
  const { layers, needs, elsewhere } = methods[name];
  const method = SETTINGS[name] === undefined ? name : { name, settings: SETTINGS[name] };
  // TensorFlow.js hands out no parts of the whole network.
  if (needs === 'shares' || needs === 'attention' || needs === 'blocks') return [];
  if (layers === 0) return [{ method }];
  if (layers === 2) return [{ method, targetLayer: [LAST, MIDDLE] }];
  if (needs === 'head' && elsewhere === undefined) return [{ method, targetLayer: LAST }];
  return [LAST, MIDDLE].map((targetLayer) => ({ method, targetLayer }));
}

function inputOf(
  { input: { channels, height, width }, mean, std }: ScenesNetwork,
  seed: number,
): ReturnType<typeof view> {
  const { data } = generateScene({ seed }).image;
  const plane = height * width;
  const values = Float32Array.from({ length: channels * plane }, (_, i) => {
    const channel = Math.floor(i / plane);
    return (data[4 * (i % plane) + channel]! / 255 - mean[channel]!) / std[channel]!;
  });
  return view(values, [1, channels, height, width]);
}

function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
