/**
 * Do the maps lie on the evidence? Energy in the object's mask, its lift over area, pointing hits and mass on distractors, for every
 * method and layer, beside the mask itself at map resolution and what needs no network at all.
 *
 *   node tooling/scenes/first-table.mjs [FILE.safetensors] [--count 500]
 *
 * Takes held-out scenes in order, keeps those that the network names correctly, explains the named class. Run `pnpm build` first.
 */
import { parseArgs } from 'node:util';
import { crossLayerHybrid, explainMany, pack, upsample, view } from '@hybridcam/core';
import {
  bootstrapMean,
  comparePaired,
  distractorMass,
  energy,
  pointingGame,
  seededRandom,
} from '@hybridcam/metrics';
import { createOnnxModel } from '@hybridcam/onnx';
import { generateScene, heldOutSeed, sceneClasses } from '@hybridcam/scenes';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import ort from 'onnxruntime-node';
import { openSession, readNetwork, toInput } from './network-session.mjs';

const { values, positionals } = parseArgs({
  options: { count: { type: 'string', default: '500' } },
  allowPositionals: true,
});
const wanted = Number(values.count);
const network = await readNetwork(positionals[0]);
const session = await openSession(network);
const model = await createOnnxModel(await scenesOnnxModel(network), {
  ort,
  name: 'scenes',
  labels: network.classes,
  sessionOptions: { intraOpNumThreads: 1 },
});

const last = 'layer4.1';
const earlier = ['layer3.1', 'layer2.1', 'layer1.1'];
const requests = [
  ...[last, ...earlier].flatMap((layer) =>
    [
      ['Grad-CAM', 'grad-cam'],
      ['LayerCAM', 'layer-cam'],
      ['hybrid 0.7', 'hybrid'],
    ].map(([title, method]) => ({ title: `${title}, ${layer}`, method, targetLayer: layer })),
  ),
  ...earlier.map((layer) => ({
    title: `cross-layer hybrid 0.7, ${last} × ${layer}`,
    method: crossLayerHybrid({ alpha: 0.7 }),
    targetLayer: [last, layer],
  })),
];

const rows = new Map();
const add = (title, scene, map, mask) => {
  const found = energy(map, mask);
  // A map without positive mass says nothing: it counts as the constant map, and points nowhere.
  const area = scene.objects[0].pixelCount / mask.data.length;
  const row =
    rows.get(title) ??
    rows.set(title, { energy: [], lift: [], pointing: [], distractors: [], empty: 0 }).get(title);
  row.energy.push(found?.energy ?? area);
  row.lift.push(found?.lift ?? 1);
  row.pointing.push(found === undefined ? 0 : pointingGame(map, mask, { tolerance: 0 }));
  if (found === undefined) row.empty++;
  const regions = scene.distractors
    .filter((region) => region.pixelCount > 0)
    .map((region) => maskView(region, scene));
  if (regions.length > 0 && found !== undefined) {
    row.distractors.push(distractorMass(map, regions).reduce((sum, share) => sum + share, 0));
  }
};

let used = 0;
let seen = 0;
const random = seededRandom(0);
for (; used < wanted; seen++) {
  const scene = generateScene({
    seed: heldOutSeed + 500_000 + seen,
    className: sceneClasses[seen % sceneClasses.length],
  });
  const [answer] = await session.predict([scene]);
  if (answer !== scene.classIndex) continue;
  used++;
  const { height, width } = scene.image;
  const mask = maskView(scene.objects[0], scene);
  const input = view(toInput([scene], network), [1, 3, height, width]);
  const explained = await explainMany(
    model,
    input,
    requests.map(({ method, targetLayer }) => ({ method, targetLayer, classIndex: scene.classIndex })),
  );
  explained.forEach(({ saliencyMap }, i) => {
    add(requests[i].title, scene, saliencyMap, mask);
  });
  for (const cells of [12, 24])
    add(`ceiling: the mask at ${cells}×${cells}`, scene, atMapSize(mask, cells), mask);
  add('centred Gaussian', scene, gaussian(height), mask);
  for (const cells of [12, 24]) {
    const noise = Float32Array.from({ length: cells * cells }, () => random.uniform());
    add(`random ${cells}×${cells}`, scene, upsample(view(noise, [cells, cells]), height, width), mask);
  }
  if (used % 50 === 0) process.stderr.write(`\r${used} of ${wanted}`);
}
process.stderr.write('\n');

console.log(`Weights SHA-256 ${network.sha256}; ${used} of ${seen} held-out scenes named correctly.\n`);
console.log('| map | energy in mask | lift over area | pointing hits | mass on distractors | without mass |');
console.log('|---|---|---|---|---|---|');
for (const [title, row] of rows) {
  const cells = [row.energy, row.lift, row.pointing, row.distractors].map(withInterval);
  console.log(`| ${[title, ...cells, row.empty].join(' | ')} |`);
}
console.log(`\nEnergy, paired difference to Grad-CAM, ${last}:\n`);
console.log('| map | difference | 95 % interval | win rate | verdict |\n|---|---|---|---|---|');
const reference = rows.get(requests[0].title).energy;
for (const { title } of requests.slice(1)) {
  const { meanDifference, interval, winRate, verdict } = comparePaired(rows.get(title).energy, reference, {
    direction: 'higher-is-better',
  });
  console.log(
    `| ${title} | ${signed(meanDifference)} | ${signed(interval.low)} to ${signed(interval.high)} | ${winRate.toFixed(3)} | ${verdict} |`,
  );
}
await model.dispose();

function maskView(region, { image }) {
  return view(Float32Array.from(region.mask), [image.height, image.width]);
}

/** The mask averaged over the cells of a layer and brought back: the map of that size that knows the answer. */
function atMapSize(mask, cells) {
  const [height, width] = mask.shape;
  const data = pack(mask);
  const coarse = new Float32Array(cells * cells);
  const cell = height / cells;
  for (let i = 0; i < data.length; i++) {
    const x = i % width;
    const y = (i - x) / width;
    coarse[Math.floor(y / cell) * cells + Math.floor(x / cell)] += data[i] / (cell * cell);
  }
  return upsample(view(coarse, [cells, cells]), height, width);
}

function gaussian(size) {
  const sigma = size / 4;
  const data = Float32Array.from({ length: size * size }, (_, i) => {
    const x = (i % size) + 0.5 - size / 2;
    const y = Math.floor(i / size) + 0.5 - size / 2;
    return Math.exp(-(x * x + y * y) / (2 * sigma * sigma));
  });
  return view(data, [size, size]);
}

function withInterval(list) {
  const mean = list.reduce((sum, value) => sum + value, 0) / list.length;
  const { low, high } = bootstrapMean(list, { resamples: 2000 });
  return `${mean.toFixed(3)} [${low.toFixed(3)}, ${high.toFixed(3)}]`;
}

function signed(value) {
  return `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(4)}`;
}
