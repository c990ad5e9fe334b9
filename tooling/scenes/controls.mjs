/**
 * Two controls. In scenes with objects of two classes, the map of a class must lie on its own object and not on the other. In scenes
 * without any object, the map before normalisation must be low.
 *
 *   node tooling/scenes/controls.mjs [FILE.safetensors] [--count 300]
 *
 * Run `pnpm build` first.
 */
import { parseArgs } from 'node:util';
import { crossLayerHybrid, explainMany, view } from '@hybridcam/core';
import { bootstrapMean, energy } from '@hybridcam/metrics';
import { createOnnxModel } from '@hybridcam/onnx';
import { generateScene, heldOutSeed } from '@hybridcam/scenes';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import ort from 'onnxruntime-node';
import { openSession, readNetwork, toInput } from './network-session.mjs';

const { values, positionals } = parseArgs({
  options: { count: { type: 'string', default: '300' } },
  allowPositionals: true,
});
const wanted = Number(values.count);
const network = await readNetwork(positionals[0]);
const session = await openSession(network);
const model = await createOnnxModel(await scenesOnnxModel(network), {
  ort,
  name: 'scenes',
  sessionOptions: { intraOpNumThreads: 1 },
});
const requests = [
  { title: 'Grad-CAM, layer4.1', method: 'grad-cam', targetLayer: 'layer4.1' },
  { title: 'LayerCAM, layer4.1', method: 'layer-cam', targetLayer: 'layer4.1' },
  { title: 'hybrid 0.7, layer4.1', method: 'hybrid', targetLayer: 'layer4.1' },
  {
    title: 'cross-layer hybrid 0.7, layer4.1 × layer1.1',
    method: crossLayerHybrid({ alpha: 0.7 }),
    targetLayer: ['layer4.1', 'layer1.1'],
  },
];
const explainScene = (scene, classIndex) =>
  explainMany(
    model,
    view(toInput([scene], network), [1, 3, scene.image.height, scene.image.width]),
    requests.map(({ method, targetLayer }) => ({ method, targetLayer, classIndex })),
  );

const own = requests.map(() => []);
const other = requests.map(() => []);
let seen = 0;
let bothNamed = 0;
for (; bothNamed < wanted; seen++) {
  const scene = generateScene({ seed: heldOutSeed + 700_000 + seen, kind: 'two-objects' });
  const [scores] = await session.scores([scene]);
  const ranked = [...scores.keys()].sort((a, b) => scores[b] - scores[a]);
  if (!scene.objects.every(({ classIndex }) => ranked.indexOf(classIndex) < 2)) continue;
  bothNamed++;
  const masks = scene.objects.map(({ mask }) =>
    view(Float32Array.from(mask), [scene.image.height, scene.image.width]),
  );
  for (const [i, { classIndex }] of scene.objects.entries()) {
    for (const [r, { saliencyMap }] of (await explainScene(scene, classIndex)).entries()) {
      own[r].push(energy(saliencyMap, masks[i])?.energy ?? 0);
      other[r].push(energy(saliencyMap, masks[1 - i])?.energy ?? 0);
    }
  }
}
console.log(`Weights SHA-256 ${network.sha256}.\n`);
console.log(`Two objects: ${bothNamed} of ${seen} scenes have both classes as the two highest scores.\n`);
console.log('| map of one class | energy on its object | energy on the other |\n|---|---|---|');
requests.forEach(({ title }, r) => {
  console.log(`| ${title} | ${withInterval(own[r], 3)} | ${withInterval(other[r], 3)} |`);
});

console.log('\nHighest value of Grad-CAM, layer4.1, before normalisation, for the class named first:\n');
console.log('| scenes | mean | highest probability |\n|---|---|---|');
for (const kind of ['single', 'null']) {
  const peaks = [];
  const sureness = [];
  for (let i = 0; i < wanted; i++) {
    const scene = generateScene({ seed: heldOutSeed + 800_000 + i, kind });
    const [{ range, scores }] = await explainScene(scene, 'top1');
    peaks.push(range.max);
    sureness.push(Math.max(...scores.probabilities.data));
  }
  console.log(`| ${kind} | ${withInterval(peaks, 2)} | ${withInterval(sureness, 2)} |`);
}
await model.dispose();

function withInterval(list, digits) {
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const { low, high } = bootstrapMean(list, { resamples: 2000 });
  return `${mean.toFixed(digits)} [${low.toFixed(digits)}, ${high.toFixed(digits)}]`;
}
