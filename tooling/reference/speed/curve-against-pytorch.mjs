// One image's 29-point insertion and deletion curve: ours against PyTorch, round by round on the same machine.
//
//     node tooling/reference/speed/curve-against-pytorch.mjs MODEL.onnx [PYTHON] [ROUNDS] [BATCH]
//
// MODEL.onnx is a MobileNetV2 of 224 × 224; the peer is the same network with random weights (curve_peer.py). Both order the pixels, make the
// baselines, run 56 forward passes in batches and take the areas. After `pnpm build`.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const [file, python = 'python3', rounds = '15', batch = '8'] = process.argv.slice(2);
const load = (name) => import(new URL(`../../../${name}`, import.meta.url).href);
const { loadModel } = await load('packages/hybridcam/dist/index.js');
const { createImageCache, curve, seededRandom } = await load('packages/metrics/dist/index.js');
const { modelSubject } = await load('apps/bench/dist/evaluation/model-subject.js');
const { view } = await load('packages/core/dist/index.js');

const peer = spawn(python, [fileURLToPath(new URL('curve_peer.py', import.meta.url)), batch], {
  stdio: ['pipe', 'pipe', 'inherit'],
});
const lines = createInterface({ input: peer.stdout })[Symbol.asyncIterator]();
const next = async () => (await lines.next()).value;
const theirs = async () => {
  peer.stdin.write('\n');
  return 1000 * Number(await next());
};

const model = await loadModel(file);
const subject = modelSubject(model, 'probability', { batchSize: Number(batch) });
const random = seededRandom(0);
const pixels = 224 * 224;
const input = view(
  Float32Array.from({ length: 3 * pixels }, () => random.normal()),
  [3, 224, 224],
);
const ours = async () => {
  // Another map object every time: nothing of an earlier round is known.
  const map = view(
    Float32Array.from({ length: pixels }, () => random.uniform()),
    [224, 224],
  );
  const cache = createImageCache();
  const started = performance.now();
  for (const mode of ['insertion', 'deletion']) await curve(subject, input, 0, map, { mode, cache });
  return performance.now() - started;
};
const median = (values) => values.toSorted((a, b) => a - b)[values.length >> 1];

const [torch, threads] = (await next()).split(' ');
const times = { ours: [], theirs: [] };
for (let round = -2; round < Number(rounds); round++) {
  const pair = [await ours(), await theirs()];
  if (round < 0) continue;
  times.ours.push(pair[0]);
  times.theirs.push(pair[1]);
}
peer.stdin.end();
await model.dispose();
const ratio = median(times.theirs.map((time, i) => time / times.ours[i]));
console.log(
  `29 + 29 points, batch ${batch}, ${rounds} interleaved rounds: ours ${median(times.ours).toFixed(0)} ms, PyTorch ${torch} (${threads} threads) ${median(times.theirs).toFixed(0)} ms; median ratio ${ratio.toFixed(2)}`,
);
