/**
 * What gradients cost, as ratios to the plain forward of the untouched file: interleaved medians, spinning off, two threads.
 *
 *     pnpm --filter @hybridcam/onnx build
 *     node tooling/reference/onnx-gradients/cost.mjs MODEL.onnx LAYER[,LAYER…] [--rounds 15] [--size 224]
 *
 * Per layer and kind of convolution: taps (forward that also hands over what the backward pass needs), one class (forward with
 * taps and backward), another class (backward alone), session creation and plan without and with the probe.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const onnxPackage = join(fileURLToPath(new URL('.', import.meta.url)), '../../../packages/onnx');
const ort = createRequire(join(onnxPackage, 'package.json'))('onnxruntime-node');
const { readOnnx, indexGraph, appendToModel } = await import(join(onnxPackage, 'dist/index.js'));
const { createBackwardPass, planBackward, tapNodes } = await import(
  join(onnxPackage, 'dist/autodiff/index.js')
);

const { values: args, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    rounds: { type: 'string', default: '15' },
    size: { type: 'string', default: '224' },
    variants: { type: 'string', default: 'transpose,flip' },
    scores: { type: 'string' },
  },
});
const [file, layerList] = positionals;
const sessionOptions = {
  graphOptimizationLevel: 'all',
  intraOpNumThreads: 2,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};
const bytes = new Uint8Array(readFileSync(file));
const graph = indexGraph(readOnnx(bytes));
const scores = args.scores ?? graph.outputs[0].name;
const inputShape = [1, 3, Number(args.size), Number(args.size)];
const size = inputShape.reduce((a, b) => a * b, 1);
const image = new ort.Tensor(
  'float32',
  Float32Array.from({ length: size }, (_, i) => Math.sin(i * 0.37)),
  inputShape,
);
const feeds = { [graph.inputs[0].name]: image };

const cases = new Map();
const notes = new Map();
const plain = await ort.InferenceSession.create(bytes, sessionOptions);
cases.set('plain', () => plain.run(feeds));
const { dims } = (await plain.run(feeds))[scores];
const cotangent = new ort.Tensor(
  'float32',
  new Float32Array(dims.reduce((a, b) => a * b, 1)).fill(0).fill(1, 3, 4),
  dims,
);
for (const layer of layerList.split(',')) {
  for (const convolution of args.variants.split(',')) {
    const request = { graph, files: new Map(), layers: [layer], scores, ort, sessionOptions, inputShape };
    let start = performance.now();
    const plan = await planBackward({ ...request, options: { convolution, maxPool: 'compare' } });
    const planned = performance.now() - start;
    const fetches = [...new Set([scores, layer, ...plan.taps.map(({ name }) => name)])];
    const outputs = fetches.filter((name) => name !== scores).map((name) => ({ name }));
    const tapped = appendToModel(bytes, { nodes: tapNodes(plan.taps), outputs });
    const forward = await ort.InferenceSession.create(tapped, sessionOptions);
    start = performance.now();
    const pass = await createBackwardPass(plan, ort, sessionOptions);
    const created = performance.now() - start;
    const taps = new Map(Object.entries(await forward.run(feeds, fetches)));
    const key = `${layer} ${convolution}`;
    cases.set(`${key} taps`, () => forward.run(feeds, fetches));
    cases.set(`${key} one class`, async () =>
      pass.run(new Map(Object.entries(await forward.run(feeds, fetches))), cotangent),
    );
    cases.set(`${key} another class`, () => pass.run(taps, cotangent));
    notes.set(key, `plan with probe ${planned.toFixed(0)} ms, backward session ${created.toFixed(0)} ms`);
  }
}
const times = new Map([...cases.keys()].map((key) => [key, []]));
for (let round = 0; round < Number(args.rounds) + 2; round++) {
  for (const [key, run] of cases) {
    const start = performance.now();
    await run();
    if (round >= 2) times.get(key).push(performance.now() - start);
  }
}
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];
const base = median(times.get('plain'));
console.log(`plain forward ${base.toFixed(1)} ms`);
for (const [key, values] of times) {
  if (key !== 'plain') console.log(key.padEnd(50), (median(values) / base).toFixed(2));
}
for (const [key, note] of notes) console.log(key.padEnd(50), note);
