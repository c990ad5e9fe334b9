import { writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';

const { shared, processorMs, clockMs } = workerData;
const [CASE, SEED] = [0, 1];

let seen = 0;
let started = process.cpuUsage();
let clock = performance.now();

setInterval(() => {
  const running = Atomics.load(shared, CASE);
  if (running === 0 || running !== seen) {
    seen = running;
    started = process.cpuUsage();
    clock = performance.now();
    return;
  }
  const { user, system } = process.cpuUsage(started);
  const [spent, waited] = [(user + system) / 1000, performance.now() - clock];
  if (spent < processorMs && waited < clockMs) return;
  const what =
    spent < processorMs ? `${waited.toFixed(0)} ms of the clock` : `${spent.toFixed(0)} ms of the processor`;
  writeSync(2, `\nseed ${shared[SEED]}: no end after ${what}; the process is killed.\n`);
  process.kill(process.pid, 'SIGKILL');
}, 100);

parentPort.postMessage('watching');
