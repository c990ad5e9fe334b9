/**
 * Holds `@hybridcam/onnx/autodiff` against PyTorch on whole networks, and prints the table of RESULTS.md.
 *
 *     pnpm --filter @hybridcam/onnx build
 *     node tooling/reference/onnx-gradients/matrix.mjs --work DIR [--torch1 PYTHON] [--torch2 PYTHON] [--only REGEXP] [--keep]
 *
 * `--torch1`: a Python with torch 1.13 and torchvision 0.14 (old exporter); `--torch2`: torch 2.x, torchvision, onnx (dynamo
 * exporter and the float64 reference). Per network and opset:
 * - tap injection: PyTorch's activations (float64, rounded once) go into our backward model; its gradients are compared with
 *   PyTorch's at up to a dozen layers from the picture to the logits. This is what the rules are held to: no mask can flip.
 * - end to end: our forward and our backward against the module's own autograd in float32, at its stages.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { largestDifference, oneMinusCosine, readTensors } from './compare.mjs';
import { exportNetwork } from './export-network.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const onnxPackage = join(here, '../../../packages/onnx');
const ort = createRequire(join(onnxPackage, 'package.json'))('onnxruntime-node');
const { readOnnx, indexGraph, appendToModel } = await import(join(onnxPackage, 'dist/index.js'));
const { createBackwardPass, gradientFlow, planBackward, tapNodes } = await import(
  join(onnxPackage, 'dist/autodiff/index.js')
);

const { values: args } = parseArgs({
  options: {
    work: { type: 'string' },
    torch1: { type: 'string', default: 'python3' },
    torch2: { type: 'string', default: 'python3' },
    only: { type: 'string', default: '.' },
    convolution: { type: 'string', default: 'flip' },
    maxPool: { type: 'string', default: 'compare' },
    keep: { type: 'boolean', default: false },
  },
});
const sessionOptions = {
  graphOptimizationLevel: 'all',
  intraOpNumThreads: 2,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};

const WIDE = ['resnet18', 'mobilenet_v2', 'densenet121', 'convnext_tiny', 'vit'];
const NARROW = [
  'resnet50',
  'mobilenet_v3_small',
  'googlenet',
  'inception_v3',
  'vgg11',
  'squeezenet1_1',
  'efficientnet_b0',
  'regnet_x_400mf',
  'regnet_y_400mf',
  'shufflenet_v2',
  'mnasnet1_0',
  'swin_t',
];
const cases = [
  ...NARROW.map((model) => ({ model, exporter: 'torch1', opset: 13 })),
  ...WIDE.flatMap((model) => [
    ...[11, 13, 17].map((opset) => ({ model, exporter: 'torch1', opset })),
    ...[18, 24].map((opset) => ({ model, exporter: 'torch2', opset })),
  ]),
  { model: 'resnet18', exporter: 'torch1', opset: 9 },
  { model: 'mobilenet_v2', exporter: 'torch1', opset: 9 },
  { model: 'resnet18', exporter: 'torch1', opset: 13, flags: ['--bn'] },
  { model: 'resnet18', exporter: 'torch1', opset: 13, flags: ['--batch'] },
  { model: 'efficientnet_b0', exporter: 'torch1', opset: 13, flags: ['--batch'] },
  { model: 'shufflenet_v2', exporter: 'torch1', opset: 13, flags: ['--batch'] },
  { model: 'vit', exporter: 'torch2', opset: 24, flags: ['--batch'] },
  { model: 'swin_t', exporter: 'torch2', opset: 24 },
  { model: 'efficientnet_b0', exporter: 'torch2', opset: 24 },
  { model: 'shufflenet_v2', exporter: 'torch2', opset: 24 },
];

mkdirSync(args.work, { recursive: true });
console.log('| network | exporter, opset | taps | layers | injected: worst | end to end: worst | 1 − cos |');
console.log('|---|---|---|---|---|---|---|');
for (const item of cases) {
  const flags = item.flags ?? [];
  const title = `${item.model} ${item.exporter} opset ${item.opset} ${flags.join(' ')}`.trim();
  if (!new RegExp(args.only).test(title)) continue;
  let base;
  try {
    base = exportNetwork({
      ...item,
      python: args[item.exporter],
      work: args.work,
      dynamo: item.exporter === 'torch2',
    });
    const row = await check(base);
    console.log(
      `| ${item.model}${flags.length ? ` (${flags.join(' ').replaceAll('--', '')})` : ''} | ${item.exporter}, ${row.opset} | ${row.taps} | ${row.layers} | ${row.injected} | ${row.endToEnd} | ${row.cosine} |`,
    );
  } catch (error) {
    console.log(
      `| ${title} | | | | FAILED: ${String(error.stderr ?? error.stack ?? error)
        .slice(-600)
        .replaceAll('\n', ' ')} | | |`,
    );
  }
  if (!args.keep && base)
    for (const end of ['.onnx', '.safetensors', '.taps.safetensors', '.json'])
      rmSync(base + end, { force: true });
}

async function check(base) {
  const bytes = new Uint8Array(readFileSync(`${base}.onnx`));
  const graph = indexGraph(readOnnx(bytes));
  const reference = readTensors(`${base}.safetensors`);
  const [input] = graph.inputs;
  const scores = graph.outputs[0].name;
  const image = new ort.Tensor('float32', reference.input.data, reference.input.shape);
  const modules = Object.keys(reference)
    .filter((key) => key.endsWith('.activations'))
    .map((key) => key.slice(0, -12));
  const flow = gradientFlow(graph, scores);
  const candidates = graph.nodes
    .flatMap(({ outputs }) => outputs.slice(0, 1))
    .filter((name) => flow.influential.has(name) && !flow.blockers.has(name));
  const stages = await matchModules(bytes, input.name, image, candidates, modules, reference);
  const step = Math.max(1, Math.floor(candidates.length / 8));
  const spread = candidates.filter((_, i) => i % step === 0);
  const base0 = { graph, files: new Map(), scores, ort, sessionOptions, inputShape: reference.input.shape };
  const options = { convolution: args.convolution, maxPool: args.maxPool };

  // Shape arithmetic is influential by the graph alone; only float tensors that depend on the picture count as layers.
  const layers = await floatLayers([...new Set([...spread, ...stages.values()])], bytes, input.name, image);
  const plan = await planBackward({ ...base0, layers, options });
  const sources = [...new Set(plan.taps.map(({ name, mask }) => mask?.of ?? name))];
  const request = { input: input.name, scores, layers, taps: sources };
  writeFileSync(`${base}.json`, JSON.stringify(request));
  execFileSync(
    args.torch2,
    [
      join(here, 'reference_gradients.py'),
      `${base}.onnx`,
      `${base}.safetensors`,
      `${base}.json`,
      `${base}.taps.safetensors`,
    ],
    { stdio: ['ignore', 'ignore', 'pipe'], maxBuffer: 1 << 28 },
  );
  const injected = readTensors(`${base}.taps.safetensors`);
  const pass = await createBackwardPass(plan, ort, sessionOptions);
  const tensor = ({ data, shape, type }) => new ort.Tensor(type, data, shape);
  const cotangent = tensor(injected.cotangent);
  const taps = new Map(
    plan.taps.map(({ name, mask }) => {
      if (mask === undefined) return [name, tensor(injected[`tap:${name}`])];
      const { above = mask.bounds ? -Infinity : 0, below = Infinity } = mask.bounds ?? {};
      const { data, shape } = injected[`tap:${mask.of}`];
      const within = Uint8Array.from(data, (value) => (value > above && value < below ? 1 : 0));
      return [name, new ort.Tensor('bool', within, shape)];
    }),
  );
  const gradients = await pass.run(taps, cotangent);
  let worst = { value: 0, layer: '' };
  for (const layer of layers) {
    const value = largestDifference(gradients.get(layer).data, injected[`gradient:${layer}`].data);
    if (!(value <= worst.value)) worst = { value, layer };
  }

  const outputs = plan.taps
    .map(({ name }) => ({ name }))
    .filter(({ name }) => name !== scores && name !== input.name);
  const tapped = appendToModel(bytes, { nodes: tapNodes(plan.taps), outputs });
  const forward = await ort.InferenceSession.create(tapped, sessionOptions);
  const results = await forward.run({ [input.name]: image });
  const own = await pass.run(new Map([...Object.entries(results), [input.name, image]]), cotangent);
  let endToEnd = { value: 0, module: '' };
  let cosine = 0;
  for (const [module, layer] of stages) {
    if (!own.has(layer)) continue;
    const expected = reference[`${module}.gradients`].data;
    const value = largestDifference(own.get(layer).data, expected);
    if (!(value <= endToEnd.value)) endToEnd = { value, module };
    cosine = Math.max(cosine, oneMinusCosine(own.get(layer).data, expected));
  }
  await forward.release();
  await pass.dispose();
  return {
    opset: graph.opset,
    taps: plan.taps.length,
    layers: layers.length,
    injected: `${worst.value.toExponential(1)} at \`${worst.layer}\``,
    endToEnd: `${endToEnd.value.toExponential(1)} at \`${endToEnd.module}\` (${stages.size} of ${modules.length} modules)`,
    cosine: cosine.toExponential(0),
  };
}

/** The ONNX tensor that holds each module's output, found by its values: names differ from exporter to exporter. */
async function matchModules(bytes, inputName, image, candidates, modules, reference) {
  const outputs = candidates.map((name) => ({ name }));
  const known = new Set(readOnnx(bytes).graph.outputs.map(({ name }) => name));
  const session = await ort.InferenceSession.create(
    appendToModel(bytes, { outputs: outputs.filter(({ name }) => !known.has(name)) }),
    { ...sessionOptions, graphOptimizationLevel: 'basic' },
  );
  const results = await session.run({ [inputName]: image });
  const found = new Map();
  for (const module of modules) {
    const { data, shape } = reference[`${module}.activations`];
    for (const name of candidates) {
      const result = results[name];
      if (result.type !== 'float32' || result.dims.join() !== shape.join()) continue;
      if (largestDifference(result.data, data) < 1e-3) found.set(module, name);
    }
  }
  await session.release();
  return found;
}

async function floatLayers(names, bytes, inputName, image) {
  const known = new Set(readOnnx(bytes).graph.outputs.map(({ name }) => name));
  const outputs = names.filter((name) => !known.has(name)).map((name) => ({ name }));
  const session = await ort.InferenceSession.create(appendToModel(bytes, { outputs }), sessionOptions);
  const results = await session.run({ [inputName]: image });
  const kept = names.filter((name) => results[name].type === 'float32' && results[name].dims.length > 1);
  await session.release();
  return kept;
}
