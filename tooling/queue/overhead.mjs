// node tooling/queue/overhead.mjs [WORKERS=4] [IMAGES=400] [SHARD_SIZE=8]
// What the queue costs real workers: starts them as processes, lets them evaluate photographs of our own through the queue (10 methods,
// insertion and deletion), and compares the time spent in the code of `run` with the time from the end of a worker's first shard, when its
// model is loaded, to the end of its last. What is left is queue, network, fetching, hashing and packing.
// Needs redis-server and a built apps/bench.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ownRedis, stopWithUs } from './own-redis.mjs';

const require = createRequire(new URL('../../apps/bench/package.json', import.meta.url));
const load = (name) => import(pathToFileURL(require.resolve(name)).href);
const { generateScene, loadScenesNetwork } = await load('@hybridcam/scenes');
const { encodePng } = await load('@hybridcam/viz');
const { scenesOnnxModel } = await load('@hybridcam/zoo/onnx');
const [count = 4, images = 400, shardSize = 8] = process.argv.slice(2).map(Number);
const launcher = fileURLToPath(new URL('../../apps/bench/bin/hybridcam-bench.js', import.meta.url));

const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-overhead-'));
mkdirSync(path.join(folder, 'photos'));
for (let i = 0; i < images; i++)
  writeFileSync(path.join(folder, 'photos', `${i}.png`), encodePng(generateScene({ seed: 7000 + i }).image));
const model = path.join(folder, 'network.onnx');
writeFileSync(model, await scenesOnnxModel(await loadScenesNetwork()));

const redis = await ownRedis();
const workers = Array.from({ length: count }, (_, i) => {
  const cache = path.join(folder, `cache-${i}`);
  const flags = ['--queue', redis.url, '--cache', cache, '--log', 'json'];
  const child = spawn(process.execPath, [launcher, 'worker', ...flags], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  stopWithUs(child);
  let text = '';
  child.stderr.on('data', (part) => {
    text += part;
  });
  return {
    child,
    events: () =>
      text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
  };
});
const preprocessing = ['--mean', '0.5,0.5,0.5', '--std', '0.5,0.5,0.5', '--resize', '96', '--crop', '96'];
const what = [
  '--method',
  'grad-cam,hybrid,layer-cam',
  '--alpha',
  '0.1,0.2,0.3,0.4,0.5,0.6,0.7,0.8',
  '--batch',
  '8',
];
const run = spawn(
  process.execPath,
  [
    ...[
      launcher,
      'run',
      '--images',
      path.join(folder, 'photos'),
      '--model',
      model,
      ...preprocessing,
      ...what,
    ],
    ...['--queue', redis.url, '--out', path.join(folder, 'out'), '-q'],
    ...['--shard-size', String(shardSize)],
  ],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
stopWithUs(run);
await new Promise((resolve, reject) =>
  run.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`run ended with ${code}`)))),
);
let [wall, evaluation, shards] = [0, 0, 0];
for (const { events } of workers) {
  const [first, ...later] = events().filter(({ event }) => event === 'finished');
  if (later.length === 0) continue;
  wall += (Date.parse(later.at(-1).time) - Date.parse(first.time)) / 1000;
  evaluation += later.reduce((sum, { evaluationMs }) => sum + evaluationMs / 1000, 0);
  shards += later.length;
}
console.log(
  JSON.stringify({
    workers: count,
    images,
    shardSize,
    shards,
    workerSeconds: Number(wall.toFixed(1)),
    evaluationSeconds: Number(evaluation.toFixed(1)),
    overheadPercent: Number((100 * (1 - evaluation / wall)).toFixed(2)),
  }),
);
for (const { child } of workers) child.kill('SIGKILL');
redis.stop();
rmSync(folder, { recursive: true });
