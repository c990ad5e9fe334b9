// node tooling/queue/simulate.mjs [WORKERS=100] [SHARDS=2000] [SHARD_MS=2000]
// Simulates an evaluation with many workers on one real Redis: each fake worker takes a shard, sleeps as long as the work would
// take, and returns records of the usual size; the collector and everything in between are the real ones. Prints what Redis did.
// Needs redis-server and a built apps/bench.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { collectShards } from '../../apps/bench/dist/queue/collect.js';
import { openRunFolder } from '../../apps/bench/dist/records/run-folder.js';

const require = createRequire(new URL('../../apps/bench/package.json', import.meta.url));
const { Worker } = require('bullmq');
const { Redis } = require('ioredis');
const [workers = 100, shards = 2000, shardMs = 2000] = process.argv.slice(2).map(Number);

const port = 20000 + (process.pid % 20000);
const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-simulate-'));
const server = spawn(
  'redis-server',
  ['--port', String(port), '--dir', folder, '--appendonly', 'yes', '--save', ''],
  { stdio: 'ignore' },
);
const url = `redis://127.0.0.1:${port}`;
await new Promise((resolve) => setTimeout(resolve, 1000));

const results = (job) =>
  job.data.items.map(({ index }) => ({
    // Ten methods by six metrics, as the run of 50 000 images would have.
    records: Array.from({ length: 60 }, (_, i) => ({
      v: 1,
      key: `${index}-${i}`,
      image: `scene-${index}`,
      sha256: String(index),
      class: 1,
      p: 0.9,
      method: `method-${i % 10}`,
      params: {},
      layer: 'layer4.2',
      metric: 'insertion',
      preset: 'rise',
      value: Math.random(),
      f0: 0.1,
      f1: 0.9,
      ties: 0,
      flags: [],
    })),
    curves: Array.from({ length: 20 }, (_, i) => ({
      v: 1,
      key: `${index}-${i}`,
      x: Array(29).fill(0.5),
      y: Array(29).fill(Math.random()),
    })),
  }));
const fleet = Array.from(
  { length: workers },
  () =>
    new Worker(
      'shards',
      async (job) => {
        await new Promise((resolve) => setTimeout(resolve, shardMs * (0.5 + Math.random())));
        return results(job);
      },
      { connection: new Redis(url, { maxRetriesPerRequest: null }), prefix: 'hybridcam' },
    ),
);

const protocol = { model: { name: 'simulated', sha256: null } };
const run = await openRunFolder(
  path.join(folder, 'run'),
  { schema: 1, tool: 'simulate', protocol, protocolHash: 'p', request: {}, runtime: 'none' },
  false,
);
const pending = Array.from({ length: shards }, (_, i) => ({
  version: 1,
  protocolHash: 'p',
  sources: [],
  model: null,
  modelName: 'm',
  flags: {},
  pictures: false,
  items: Array.from({ length: 8 }, (_, k) => ({ kind: 'scene', index: 8 * i + k })),
}));
const info = () =>
  Object.fromEntries(
    execFileSync('redis-cli', ['-p', String(port), 'info'])
      .toString()
      .split('\r\n')
      .filter((l) => l.includes(':'))
      .map((l) => l.split(':')),
  );
const before = info();
const started = performance.now();
let peak = 0;
let done = 0;
await collectShards(pending, run, {
  queue: url,
  prefix: 'hybridcam',
  inFlight: 2 * workers,
  signal: new AbortController().signal,
  onShard: () => {
    done++;
    peak = Math.max(peak, process.memoryUsage().rss);
  },
});
const seconds = (performance.now() - started) / 1000;
const after = info();
const cpu = ['used_cpu_sys', 'used_cpu_user'].reduce(
  (sum, name) => sum + Number(after[name]) - Number(before[name]),
  0,
);
const ideal = (shards * shardMs) / 1000 / workers;
console.log(
  JSON.stringify(
    {
      workers,
      shards,
      shardMs,
      seconds: Number(seconds.toFixed(1)),
      idealSeconds: ideal,
      efficiency: Number((ideal / seconds).toFixed(3)),
      redisCpuPercent: Number(((100 * cpu) / seconds).toFixed(1)),
      redisCommandsPerSecond: Math.round(
        (after.total_commands_processed - before.total_commands_processed) / seconds,
      ),
      redisPeakMegabytes: Math.round(after.used_memory_peak / 1e6),
      collectorPeakMegabytes: Math.round(peak / 1e6),
      done,
    },
    null,
    1,
  ),
);
for (const worker of fleet) worker.close(true).catch(() => {});
await run.close();
server.kill();
process.exit(0);
