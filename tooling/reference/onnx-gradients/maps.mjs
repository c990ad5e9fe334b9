/**
 * Holds whole explanations, our forward and our backward, against PyTorch: gradients and maps at the stages of torchvision's
 * classifiers. Prints the table "End to end" of RESULTS.md and ends with 1 where a bound is missed.
 *
 *     pnpm --filter @hybridcam/onnx build
 *     node tooling/reference/onnx-gradients/maps.mjs --work DIR --torch1 PYTHON [--only REGEXP] [--pictures N] [--layers] [--keep]
 *
 * The truth is the module's own autograd in float64; with several pictures the worst of each number counts. A layer passes
 * - by `smooth`: its gradient is within 2e-5 of the largest (asked of networks without kinks);
 * - by `bound`: its gradient has a cosine of at least 0.999, and Grad-CAM, LayerCAM and the hybrids of alpha 0.5, 0.7 and 0.9, each by its
 *   maximum, are within 3e-2 in every cell;
 * - by `torch`: gradient and maps are within twice what PyTorch in float32 differs from float64 on the same picture. Activations within float
 *   noise of zero flip the mask of a ReLU there too.
 */
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { largestDifference, oneMinusCosine, readTensors } from './compare.mjs';
import { exportNetwork } from './export-network.mjs';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));
const ort = createRequire(join(packages, 'onnx/package.json'))('onnxruntime-node');
const { createOnnxModel } = await import(join(packages, 'onnx/dist/index.js'));
const { gradCam, hybridCams, layerCam, normalize, pack, view } = await import(
  join(packages, 'core/dist/index.js')
);

const { values: args } = parseArgs({
  options: {
    work: { type: 'string' },
    torch1: { type: 'string', default: 'python3' },
    only: { type: 'string', default: '.' },
    pictures: { type: 'string', default: '1' },
    layers: { type: 'boolean', default: false },
    keep: { type: 'boolean', default: false },
  },
});

const SMOOTH = new Set(['efficientnet_b0', 'convnext_tiny', 'swin_t', 'vit']);
const NETWORKS = [
  'resnet18',
  'resnet50',
  'mobilenet_v2',
  'mobilenet_v3_small',
  'mnasnet1_0',
  'efficientnet_b0',
  'regnet_x_400mf',
  'regnet_y_400mf',
  'shufflenet_v2',
  'squeezenet1_1',
  'vgg11',
  'googlenet',
  'inception_v3',
  'densenet121',
  'convnext_tiny',
  'swin_t',
  'vit',
];
const ALPHAS = [0.5, 0.7, 0.9];
const MAPS = ['Grad-CAM', 'LayerCAM', ...ALPHAS.map((alpha) => `hybrid ${alpha}`)];
const FIRST_PICTURE = 7;

mkdirSync(args.work, { recursive: true });
console.log(
  '| network | layers | gradient, 1 − cos | the same, torch | worst map | the same map, torch | passes by |',
);
console.log('|---|---|---|---|---|---|---|');
let missed = 0;
for (const model of NETWORKS.filter((name) => new RegExp(args.only).test(name))) {
  /** What was measured at each layer, once per picture. */
  const measured = new Map();
  for (let picture = 0; picture < Number(args.pictures); picture++) {
    const flags = ['--double', '--picture', String(FIRST_PICTURE + picture)];
    const base = exportNetwork({ python: args.torch1, work: args.work, model, opset: 13, flags });
    for (const [layer, found] of await measureNetwork(base)) {
      measured.set(layer, [...(measured.get(layer) ?? []), found]);
    }
    if (!args.keep) for (const end of ['.onnx', '.safetensors']) rmSync(base + end, { force: true });
  }
  const rows = [...measured].map(([layer, found]) => ({ layer, ...judge(found, SMOOTH.has(model)) }));
  if (args.layers) for (const row of rows) console.log(line(`${model} \`${row.layer}\``, [row]));
  else console.log(line(model, rows));
  missed += rows.filter(({ by }) => by === 'nothing').length;
}
process.exitCode = missed === 0 ? 0 : 1;

function line(title, rows) {
  const worst = (key) => rows.reduce((a, b) => (b[key] <= a[key] ? a : b));
  const [g, m] = [worst('gradient'), worst('map')];
  const e = (value) => value.toExponential(1);
  const ways = ['smooth', 'bound', 'torch', 'nothing'].flatMap((by) => {
    const count = rows.filter((row) => row.by === by).length;
    return count === 0 ? [] : [`${by} ${count}`];
  });
  const at = rows.length === 1 ? '' : ` at \`${g.layer}\``;
  const mapAt = rows.length === 1 ? m.mapName : `${m.mapName} at \`${m.layer}\``;
  return `| ${title} | ${rows.length} | ${e(g.gradient)}, ${e(g.cosine)}${at} | ${e(g.torchGradient)}, ${e(g.torchCosine)} | ${e(m.map)}, ${mapAt} | ${e(m.torchMap)} | ${ways.join(', ')} |`;
}

async function measureNetwork(base) {
  const reference = readTensors(`${base}.safetensors`);
  const model = await createOnnxModel(new Uint8Array(readFileSync(`${base}.onnx`)), { ort, name: 'network' });
  const found = new Map();
  try {
    const layers = Object.keys(reference).flatMap((key) => key.match(/^(.*)\.activations$/)?.[1] ?? []);
    const input = view(reference.input.data, reference.input.shape);
    const pass = await model.forward(input, { layers });
    const cotangent = new Float32Array(model.classCount);
    cotangent[Number(reference.class.data[0])] = 1;
    const gradients = await pass.gradients(layers, view(cotangent, [1, model.classCount]));
    for (const layer of layers) {
      const activations = pass.activations(layer).pick(0);
      const ours = { activations, gradients: full(gradients.get(layer), activations.shape) };
      const of = (suffix) => ({
        activations: channelsFirst(reference[`${layer}.activations${suffix}`], activations.shape),
        gradients: channelsFirst(reference[`${layer}.gradients${suffix}`], activations.shape),
      });
      const truth = of('64');
      // A layer of another module would not fail by a little.
      const apart = largestDifference(pack(ours.activations), pack(truth.activations));
      if (!(apart < 1e-3))
        throw new Error(`activations of ${layer} differ by ${apart}: this is another layer`);
      found.set(layer, { ours: differences(ours, truth), torch: differences(of(''), truth) });
    }
    pass.dispose();
  } finally {
    await model.dispose();
  }
  return found;
}

function differences(found, truth) {
  const expected = maps(truth);
  return {
    gradient: largestDifference(pack(found.gradients), pack(truth.gradients)),
    cosine: oneMinusCosine(pack(found.gradients), pack(truth.gradients)),
    maps: maps(found).map((map, i) => largestDifference(map, expected[i])),
  };
}

/** The worst over the pictures of each, and by what it passes. */
function judge(measured, isSmooth) {
  const worst = (who) => ({
    gradient: Math.max(...measured.map((found) => found[who].gradient)),
    cosine: Math.max(...measured.map((found) => found[who].cosine)),
    maps: MAPS.map((_, i) => Math.max(...measured.map((found) => found[who].maps[i]))),
  });
  const [ours, torch] = [worst('ours'), worst('torch')];
  const within = ours.cosine <= 1e-3 && ours.maps.every((value) => value <= 3e-2);
  const asTorch =
    ours.gradient <= 2 * torch.gradient && ours.maps.every((value, i) => value <= 2 * torch.maps[i]);
  const kinked = within ? 'bound' : asTorch ? 'torch' : 'nothing';
  const at = ours.maps.indexOf(Math.max(...ours.maps));
  return {
    gradient: ours.gradient,
    cosine: ours.cosine,
    torchGradient: torch.gradient,
    torchCosine: torch.cosine,
    map: ours.maps[at],
    mapName: MAPS[at],
    torchMap: torch.maps[at],
    by: isSmooth ? (ours.gradient <= 2e-5 ? 'smooth' : 'nothing') : kinked,
  };
}

/** Each by its maximum, as maps are looked at. */
function maps({ activations, gradients }) {
  const raw = [gradCam(activations, gradients), layerCam(activations, gradients)];
  return [...raw, ...hybridCams(activations, gradients, ALPHAS)].map((map) => normalize(map, 'max').data);
}

/** Closed forms give one number per channel. */
function full(gradients, shape) {
  if (gradients.shape.length === 4) return gradients.pick(0);
  const cells = shape[1] * shape[2];
  return view(
    Float32Array.from({ length: shape[0] * cells }, (_, i) => gradients.data[Math.floor(i / cells)]),
    shape,
  );
}

/** [channels, height, width] of what PyTorch holds as [1, C, H, W], [1, H, W, C] or [1, tokens, C] with the class token first. */
function channelsFirst({ data: values, shape }, [channels, height, width]) {
  const cells = height * width;
  if (shape.length === 4 && shape[1] === channels && shape[2] === height) {
    return view(values, [channels, height, width]);
  }
  const prefix = shape.length === 3 ? shape[1] - cells : 0;
  const turned = new Float32Array(channels * cells);
  for (let cell = 0; cell < cells; cell++) {
    for (let c = 0; c < channels; c++) turned[c * cells + cell] = values[(prefix + cell) * channels + c];
  }
  return view(turned, [channels, height, width]);
}
