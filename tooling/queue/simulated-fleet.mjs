// node tooling/queue/simulated-fleet.mjs REDIS_URL WORKERS SHARDS SIZE SHARD_MS: fake workers for simulate.mjs.
import { createRequire } from 'node:module';
import { packResults } from '../../apps/bench/dist/queue/result.js';
import { simulatedResult } from './simulated-results.mjs';

const require = createRequire(new URL('../../apps/bench/package.json', import.meta.url));
const { Worker } = require('bullmq');
const { Redis } = require('ioredis');
const [url, ...numbers] = process.argv.slice(2);
const [workers, shards, size, shardMs] = numbers.map(Number);

// Made before the clock starts: a hundred real workers would bring processors of their own to make them.
const results = [];
for (let i = 0; i < shards; i++)
  results.push(await packResults(Array.from({ length: size }, (_, k) => simulatedResult(size * i + k))));

for (let i = 0; i < workers; i++) {
  const connection = new Redis(url, { maxRetriesPerRequest: null });
  const work = async ({ data }) => {
    await new Promise((resolve) => setTimeout(resolve, shardMs * (0.5 + Math.random())));
    return results[data.items[0].index / size];
  };
  // As runWorker has it.
  await new Worker('shards', work, {
    connection,
    prefix: 'hybridcam',
    lockDuration: 20_000,
    stalledInterval: 5_000,
    maxStalledCount: 3,
  }).waitUntilReady();
}
process.send('ready');
