/**
 * What a baked map costs, as ratios to the plain forward of the untouched file: interleaved medians, spinning off, two threads.
 * ResNet-50 of torchvision's topology with random weights, as `@hybridcam/zoo` writes it.
 *
 *     pnpm --filter @hybridcam/zoo build
 *     node tooling/reference/onnx-bake/cost.mjs [--rounds 15] [--layers layer4,layer3]
 */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const packages = fileURLToPath(new URL('../../../packages/', import.meta.url));
process.env.ORT_DISABLE_TELEMETRY = '1';
const ort = createRequire(`${packages}onnx/package.json`)('onnxruntime-node');
const { bakeModel } = await import(`${packages}onnx/dist/index.js`);
const { resnet, parameterShapes } = await import(`${packages}zoo/dist/index.js`);
const { writeNetwork } = await import(`${packages}zoo/dist/onnx.js`);
const { values: args } = parseArgs({
  options: {
    rounds: { type: 'string', default: '15' },
    layers: { type: 'string', default: 'layer4,layer3' },
  },
});
const network = resnet(50);
// Time does not depend on the weights, as long as activations stay finite and about half of them positive.
let state = 1;
const random = () => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return state / 2 ** 31 - 1;
};
const parameters = new Map();
for (const [name, shape] of parameterShapes(network)) {
  const fanIn = shape.slice(1).reduce((a, b) => a * b, 1);
  const data = Float32Array.from({ length: shape[0] * fanIn }, () =>
    name.endsWith('running_var')
      ? 1
      : shape.length > 1
        ? random() * Math.sqrt(6 / fanIn)
        : 0.5 + 0.2 * random(),
  );
  parameters.set(name, { shape, data });
}
const bytes = writeNetwork(network, parameters);
const sessionOptions = {
  intraOpNumThreads: 2,
  logSeverityLevel: 3,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
};
const size = 3 * 224 * 224;
const feeds = {
  [network.input.name]: new ort.Tensor(
    'float32',
    Float32Array.from({ length: size }, (_, i) => Math.sin(i * 0.37)),
    [1, 3, 224, 224],
  ),
};
const cases = new Map([['plain', bytes]]);
const wanted = [
  ...args.layers.split(',').map((layer) => ({ method: 'hybrid', layers: [layer] })),
  { method: 'cross-layer-hybrid', layers: ['layer4', 'layer3'], outputs: ['saliency'] },
];
for (const options of wanted) {
  const began = performance.now();
  const baked = await bakeModel(bytes, { ort, ...options });
  const title = `${options.method} at ${options.layers.join(' x ')}`;
  console.log(
    `${title}: baked in ${(performance.now() - began).toFixed(0)} ms, ${((baked.length - bytes.length) / 1024).toFixed(0)} kB more`,
  );
  cases.set(title, baked);
}
const sessions = new Map();
for (const [title, model] of cases)
  sessions.set(title, await ort.InferenceSession.create(model, sessionOptions));
const times = new Map([...sessions.keys()].map((title) => [title, []]));
for (let round = -2; round < Number(args.rounds); round++) {
  for (const [title, session] of sessions) {
    const began = performance.now();
    await session.run(feeds);
    if (round >= 0) times.get(title).push(performance.now() - began);
  }
}
const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)];
const plain = median(times.get('plain'));
for (const [title, list] of times) {
  const [own, least] = [median(list), Math.min(...list)];
  console.log(
    `${title.padEnd(44)} ${own.toFixed(1).padStart(7)} ms  ${(own / plain).toFixed(2)} x   (least ${least.toFixed(1)} ms, ${(least / Math.min(...times.get('plain'))).toFixed(2)} x)`,
  );
}
