/**
 * What the first explanation at a layer costs in planning, without and with a plan that was kept. Milliseconds, medians of `--runs`
 * interleaved runs, each with a model and an engine of its own.
 *
 *     pnpm --filter @hybridcam/onnx build
 *     node tooling/reference/onnx-gradients/plan-time.mjs --model FILE.onnx --layers layer1,layer3 [--runs 7]
 *
 * - first: the first forward pass with the layer, which plans the backward pass; ours: the part of it that is not inside ONNX Runtime (the
 *   probe's session and run, the backward session, the forward pass itself)
 * - kept: the same with the plan in a store; ours: as above
 * - fingerprint: SHA-256 of the model, once per model
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const onnxPackage = fileURLToPath(new URL('../../../packages/onnx/', import.meta.url));
const ort = createRequire(join(onnxPackage, 'package.json'))('onnxruntime-node');
const { createOnnxModel } = await import(join(onnxPackage, 'dist/index.js'));
const { createEngine, createMemoryPlanStore } = await import(join(onnxPackage, 'dist/autodiff/index.js'));
const { view } = await import(join(onnxPackage, '../core/dist/index.js'));

const { values: args } = parseArgs({
  options: {
    model: { type: 'string' },
    layers: { type: 'string', default: 'last' },
    runs: { type: 'string', default: '7' },
  },
});
const bytes = new Uint8Array(readFileSync(args.model));
/** Time inside of ONNX Runtime. */
let inRuntime = 0;
const timed = async (work) => {
  const started = performance.now();
  try {
    return await work();
  } finally {
    inRuntime += performance.now() - started;
  }
};
const timing = {
  ...ort,
  InferenceSession: {
    create: async (...options) => {
      const session = await timed(() => ort.InferenceSession.create(...options));
      const run = session.run.bind(session);
      session.run = (...feeds) => timed(() => run(...feeds));
      return session;
    },
  },
};

/** Total time of the first forward pass with a layer, and what of it is ours. */
async function firstPass(layer, plans) {
  const model = await createOnnxModel(bytes, { ort: timing, name: 'model', backward: createEngine(), plans });
  const { channels, height = 224, width = 224 } = model.input;
  const image = view(new Float32Array(channels * height * width), [1, channels, height, width]);
  inRuntime = 0;
  const started = performance.now();
  const pass = await model.forward(image, { layers: [layer] });
  const total = performance.now() - started;
  const ours = total - inRuntime;
  pass.dispose();
  await model.dispose();
  return { total, ours };
}

console.log(`${(bytes.length / 1e6).toFixed(0)} MB`);
console.log('| layer | first | ours | kept | ours | fingerprint |');
console.log('|---|---|---|---|---|---|');
for (const layer of args.layers.split(',')) {
  const rows = [];
  for (let run = 0; run <= Number(args.runs); run++) {
    const plans = createMemoryPlanStore();
    const first = await firstPass(layer, plans);
    const kept = await firstPass(layer, plans);
    const hashing = performance.now();
    createHash('sha256').update(bytes).digest('hex');
    // The first run is not counted: it compiles.
    if (run > 0) rows.push([first.total, first.ours, kept.total, kept.ours, performance.now() - hashing]);
  }
  const cells = rows[0].map((_, i) => median(rows.map((row) => row[i])).toFixed(1));
  console.log(`| ${layer} | ${cells.join(' | ')} |`);
}

function median(list) {
  return list.toSorted((a, b) => a - b)[list.length >> 1];
}
