import path from 'node:path';
import { Worker } from 'node:worker_threads';

const threadFile = path.join(import.meta.dirname, 'watchdog-thread.mjs');

/** Places in what is shared with the thread: the running case (0: none), its seed. */
const [CASE, SEED] = [0, 1];

/**
 * Watches a loop of cases from a thread of its own, since a parser that never returns cannot be stopped from the thread that it holds:
 * after that much processor time in one case, or that much time on the clock (a promise that nobody settles), the process is killed and
 * the seed is on stderr.
 * @param {{ processorMs: number, clockMs: number }} limits
 */
export async function startWatchdog(limits) {
  const shared = new Int32Array(new SharedArrayBuffer(8));
  const thread = new Worker(threadFile, {
    // Its own: those of this process may forbid a file, or load what the thread does not need.
    execArgv: [],
    workerData: { shared, ...limits },
  });
  await new Promise((resolve, reject) => thread.once('message', resolve).once('error', reject));
  thread.unref();
  let cases = 0;
  return {
    begin(seed) {
      shared[SEED] = seed;
      Atomics.store(shared, CASE, ++cases);
    },
    end() {
      Atomics.store(shared, CASE, 0);
    },
    async stop() {
      await thread.terminate();
    },
  };
}
