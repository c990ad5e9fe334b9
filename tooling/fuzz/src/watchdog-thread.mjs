import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { shared, processorMs, clockMs } = workerData;
const [CASE, SEED] = [0, 1];

let seen = 0;
let started = process.cpuUsage();
/** What a case has taken on the clock, and when it was looked at last. */
let waited = 0;
let looked = performance.now();

setInterval(() => {
  const now = performance.now();
  // A process that was stopped as a whole, or a machine that slept, has not waited for a parser meanwhile.
  const since = Math.min(now - looked, 1000);
  looked = now;
  const running = Atomics.load(shared, CASE);
  if (running === 0 || running !== seen) {
    seen = running;
    started = process.cpuUsage();
    waited = 0;
    return;
  }
  const { user, system } = process.cpuUsage(started);
  const spent = (user + system) / 1000;
  waited += since;
  if (spent < processorMs && waited < clockMs) return;
  const what =
    spent < processorMs ? `${waited.toFixed(0)} ms of the clock` : `${spent.toFixed(0)} ms of the processor`;
  writeSync(2, `\nseed ${shared[SEED]}: no end after ${what}; the process is killed.\n`);
  process.kill(process.pid, 'SIGKILL');
}, 100);

parentPort.postMessage('watching');
