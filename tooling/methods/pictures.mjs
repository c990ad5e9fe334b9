// Measures every method on held-out scenes and draws its page's picture: a typical scene, and the one of two objects where most of the map
// lies on things that the question was not about. After `pnpm build`:
//
//     node tooling/methods/pictures.mjs [METHOD…]
//
// writes docs/images/methods/NAME.png and docs/methods/measured.json, for all methods or those named, further-maps.mjs's among them.
// Then run write-facts.mjs.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { centredMap, methodNames, methods, probability, randomMap, upsample, view } from '@hybridcam/core';
import { energy } from '@hybridcam/metrics';
import { generateScene, heldOutSeed } from '@hybridcam/scenes';
import { encodePng, inferno, overlay, sheet } from '@hybridcam/viz';
import { explainMany, loadModel } from 'hybridcam';
import { openFurtherMaps } from './further-maps.mjs';

const docs = path.resolve(import.meta.dirname, '../../docs');
const images = path.join(docs, 'images/methods');
mkdirSync(images, { recursive: true });
mkdirSync(path.join(docs, 'methods'), { recursive: true });

/** An earlier layer of the scenes network, where gradients differ from cell to cell. */
const EARLIER = 'layer2.1';
const SCENES = { one: 200, many: 24 };
/** Fewer draws than the defaults, which would take hours here; stated on the page. */
const LIGHTER = {
  rise: { masks: 1000 },
  'ss-cam': { draws: 4, channels: 32 },
  'is-cam': { points: 4, channels: 32 },
};
/** For a logit ShapleyCAM is Grad-CAM: measured is what it differs for. */
const TARGETS = { 'shapley-cam': probability };

const model = await loadModel('scenes');
const further = openFurtherMaps(model);
const evidence = ({ mask }, { height, width }) => view(Float32Array.from(mask), [height, width]);
const inside = (map, object, image) => energy(map, evidence(object, image))?.energy ?? 0;
const onOthers = (map, others, image) =>
  others.reduce((sum, other) => sum + (energy(map, evidence(other, image))?.energy ?? 0), 0);

/** One object, which the network names correctly: a wrong map of a wrong answer would be no fault of the method. */
async function singleScenes(count) {
  const found = [];
  for (let seed = heldOutSeed; found.length < count; seed++) {
    const scene = generateScene({ seed });
    const [{ classIndex, seen }] = await explainMany(model, scene.image, [{ method: 'cam' }]);
    if (classIndex !== scene.classIndex) continue;
    const [object] = scene.objects;
    found.push({ seed, image: scene.image, seen, classIndex, object, others: scene.distractors });
  }
  return found;
}

/** Two objects, of which the one with the lower score is asked for. */
async function doubleScenes(count) {
  const found = [];
  for (let seed = heldOutSeed; found.length < count; seed++) {
    const { image, objects, distractors } = generateScene({ seed, kind: 'two-objects' });
    if (objects.length !== 2 || objects[0].classIndex === objects[1].classIndex) continue;
    const [{ scores, seen }] = await explainMany(model, image, [{ method: 'cam' }]);
    const [object, other] = [...objects].sort(
      (a, b) => scores.logits.get(a.classIndex) - scores.logits.get(b.classIndex),
    );
    found.push({ seed, image, seen, classIndex: object.classIndex, object, others: [other, ...distractors] });
  }
  return found;
}

/** The maps of one scene at the default layer, and at an earlier one where the method goes there. */
async function mapsOf(name, { image, seen, classIndex }) {
  if (further.maps[name]) return further.maps[name](image, seen, classIndex);
  const { layers, needs } = methods[name];
  const settings = LIGHTER[name];
  const method = { name, ...(settings && { settings }) };
  const requests = [{ method, classIndex, ...(TARGETS[name] && { target: TARGETS[name] }) }];
  if (layers === 1 && needs !== 'head') requests.push({ method, classIndex, targetLayer: EARLIER });
  const explanations = await explainMany(model, image, requests);
  return explanations.map(({ saliencyMap, status, record }) => ({
    map: saliencyMap,
    status,
    title: record.targetLayers.join(' × ') || (needs === 'forwards' ? 'whole model' : 'whole network'),
  }));
}

async function measure(name, scenes) {
  const rows = [];
  for (const scene of scenes) {
    const maps = await mapsOf(name, scene);
    rows.push({
      ...scene,
      maps,
      shares: maps.map(({ map }) => inside(map, scene.object, scene.image)),
      wrong: maps.map(({ map }) => onOthers(map, scene.others, scene.image)),
      status: maps[0].status,
    });
  }
  return rows;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const percent = (share) => `${Math.round(100 * share)} %`;
const rounded = (share) => Math.round(1000 * share) / 1000;

function draw(name, typical, worst) {
  const row = ({ image, seen, classIndex, maps }, caption) => [
    { image, title: model.labels[classIndex] },
    ...maps.map(({ map, status }, i) => ({
      image: overlay(seen, map, { colormap: inferno, weighting: 'value', opacity: 0.8, status }),
      title: caption(i),
    })),
  ];
  const columns = typical.maps.map(({ title }) => title);
  const rows = [
    row(typical, (i) => `${percent(typical.shares[i])} on it`),
    row(worst, (i) => `${percent(worst.wrong[i])} on others`),
  ];
  const picture = sheet(rows, { columnLabels: ['asked for', ...columns], cellSize: 96, fontSize: 12 });
  writeFileSync(path.join(images, `${name}.png`), encodePng(picture));
}

const [single, double] = [await singleScenes(SCENES.one), await doubleScenes(SCENES.one)];
const file = path.join(docs, 'methods/measured.json');
// The network is no transformer.
const measurable = methodNames.filter((name) => !['attention', 'blocks'].includes(methods[name].needs));
const names = [...measurable, ...Object.keys(further.maps)];
const before = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
const known = { ...before.methods, ...before.further };
const asked = process.argv.length > 2 ? process.argv.slice(2) : names;
for (const name of asked) {
  const count = methods[name]?.forwards === 'many' ? SCENES.many : SCENES.one;
  const settings = LIGHTER[name];
  const rows = await measure(name, single.slice(0, count));
  const doubles = await measure(name, double.slice(0, count));
  const typical = [...rows].sort((a, b) => b.shares[0] - a.shares[0])[count >> 1];
  const [worst] = doubles.filter(({ status }) => status === 'ok').sort((a, b) => b.wrong[0] - a.wrong[0]);
  draw(name, typical, worst);
  const means = (list, part) => part(list[0]).map((_, i) => rounded(mean(list.map((row) => part(row)[i]))));
  known[name] = {
    n: count,
    ...(settings && { settings }),
    ...(TARGETS[name] && { target: TARGETS[name].name }),
    onObject: means(rows, ({ shares }) => shares),
    onOthersOfTwo: means(doubles, ({ wrong }) => wrong),
    worst: { seed: worst.seed, onOthers: rounded(worst.wrong[0]) },
  };
  console.log(name, JSON.stringify(known[name]));
}
const { height, width } = model.input;
const controls = {};
for (const [name, map] of [
  ['random', randomMap(height, width, 0)],
  ['centred', upsample(centredMap(height, width), height, width)],
]) {
  controls[name] = rounded(mean(single.map(({ object, image }) => inside(map, object, image))));
}
const inOrder = (some) =>
  Object.fromEntries(some.flatMap((name) => (known[name] ? [[name, known[name]]] : [])));
const measured = {
  earlierLayer: EARLIER,
  methods: inOrder(methodNames),
  further: inOrder(Object.keys(further.maps)),
  controls,
};
writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
await model.dispose();
