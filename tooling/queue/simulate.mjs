// node tooling/queue/simulate.mjs [WORKERS=100] [SHARDS=2000] [SHARD_MS=2000]
// Simulates an evaluation with many workers on one real Redis: each fake worker takes a shard of 8 images, sleeps as long as the work would
// take, and returns records of the usual size (10 methods by 2 metrics an image); queue, collector and run folder are the real ones.
// Prints what Redis and the collector did, and the collector's memory at every tenth of the run. Needs redis-server and a built apps/bench.
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { collectShards } from '../../apps/bench/dist/queue/collect.js';
import { openRunFolder } from '../../apps/bench/dist/records/run-folder.js';
import { ownRedis, stopWithUs } from './own-redis.mjs';
import { simulatedImage } from './simulated-results.mjs';

const [workers = 100, shards = 2000, shardMs = 2000] = process.argv.slice(2).map(Number);
const SIZE = 8;

const redis = await ownRedis();
// The fleet lives in a process of its own, so that the collector's memory and processor time are its own.
const numbers = [workers, shards, SIZE, shardMs].map(String);
const fleet = fork(fileURLToPath(new URL('simulated-fleet.mjs', import.meta.url)), [redis.url, ...numbers]);
stopWithUs(fleet);
await new Promise((resolve) => fleet.once('message', resolve));

const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-simulate-'));
const run = await openRunFolder(
  path.join(folder, 'run'),
  { schema: 1, tool: 'simulate', protocol: {}, protocolHash: 'p', request: {}, runtime: 'none' },
  false,
);
async function* simulatedShards() {
  for (let i = 0; i < shards; i++) {
    const indices = Array.from({ length: SIZE }, (_, k) => SIZE * i + k);
    yield {
      job: {
        version: 2,
        protocolHash: 'p',
        sources: [],
        model: { kind: 'named', name: 'scenes' },
        labels: null,
        flags: {},
        items: indices.map((index) => ({ kind: 'scene', index })),
        pictures: false,
      },
      images: indices.map((index) => {
        const { name, sha256, identities } = simulatedImage(index);
        return { name, sha256, records: () => identities };
      }),
    };
  }
}

const before = redis.info();
const usage = process.cpuUsage();
const started = performance.now();
const megabytes = [];
let done = 0;
await collectShards(simulatedShards(), run, {
  queue: redis.url,
  prefix: 'hybridcam',
  inFlight: 256,
  signal: new AbortController().signal,
  onProgress: ({ images }) => {
    done += images;
    while (megabytes.length < Math.floor((10 * done) / (SIZE * shards))) {
      globalThis.gc?.();
      megabytes.push(Math.round(process.memoryUsage.rss() / 1e6));
    }
  },
});
const seconds = (performance.now() - started) / 1000;
const { user, system } = process.cpuUsage(usage);
const after = redis.info();
const spent = (name) => Number(after[name]) - Number(before[name]);
const ideal = (shards * shardMs) / 1000 / workers;
const round = (value, digits = 1) => Number(value.toFixed(digits));
console.log(
  JSON.stringify({
    workers,
    shards,
    shardMs,
    images: done,
    records: run.keys.size,
    seconds: round(seconds),
    idealSeconds: round(ideal),
    efficiency: round(ideal / seconds, 3),
    redisCpuPercent: round((100 * (spent('used_cpu_sys') + spent('used_cpu_user'))) / seconds),
    redisCommandsPerSecond: Math.round(spent('total_commands_processed') / seconds),
    redisInMegabytesPerSecond: round(spent('total_net_input_bytes') / 1e6 / seconds, 2),
    redisPeakMegabytes: round(Number(after.used_memory_peak) / 1e6),
    collectorCpuPercent: round((user + system) / 1e4 / seconds),
    // Independent of what else the machine does.
    collectorCpuMsPerShard: round((user + system) / 1e3 / shards, 2),
    redisCpuMsPerShard: round((1000 * (spent('used_cpu_sys') + spent('used_cpu_user'))) / shards, 2),
    collectorMegabytesByTenth: megabytes,
  }),
);
await run.close();
fleet.kill('SIGKILL');
redis.stop();
rmSync(folder, { recursive: true });
