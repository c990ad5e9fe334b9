import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type SeededRandom, seededRandom } from '@hybridcam/metrics';
import { type BenchProcess, type BenchProcesses, newFolder, until } from './bench-process.ts';
import { type CuttableProxy, startProxy } from './cuttable-proxy.ts';
import { freePort, startRedis, type TestRedis } from './redis.ts';

/** What a run has to live through, spread over its length. */
export interface Trouble {
  readonly workers: number;
  /** SIGKILL of a random worker; another one is started in a new folder. */
  readonly kills: number;
  /** SIGKILL of Redis; it comes back with its append-only file. */
  readonly restarts: number;
  /** SIGKILL of the submitter, which is resumed. */
  readonly resumes: number;
  /** Lengths of cuts of the network to Redis and to the submitter's files, for everybody at once. */
  readonly cutsMs: readonly number[];
  readonly seed: number;
}

export interface TroubleReport {
  readonly seconds: number;
  readonly kills: number;
  readonly restarts: number;
  readonly resumes: number;
  readonly cuts: number;
  readonly images: number;
}

/**
 * Runs `args` over workers behind proxies, makes trouble at even steps of progress, and returns when the run is through.
 * A run that ends before its trouble is over is no error here: the report counts what there was.
 * @param images how many there are, to know how far it is
 */
export async function runThroughTrouble(
  bench: BenchProcesses,
  args: readonly string[],
  images: number,
  out: string,
  trouble: Trouble,
): Promise<TroubleReport> {
  const redis = await startRedis();
  const redisProxy = await startProxy(redis.port);
  // Files go through a proxy of their own; the submitter's port has to be known before it starts.
  const filePort = await freePort();
  const fileProxy = await startProxy(filePort);
  try {
    const network = { redis, proxies: [redisProxy, fileProxy] };
    const url = `redis://127.0.0.1:${redisProxy.port}`;
    const where = ['--queue', url, '--serve', String(filePort), '--shard-size', '2'];
    const source = ['--source', `http://127.0.0.1:${fileProxy.port}`];
    const submit = () => {
      const resume = existsSync(path.join(out, 'run.json')) ? ['--resume'] : [];
      return bench.start(['run', ...args, '--out', out, '-q', ...where, ...source, ...resume]);
    };
    const worker = () => bench.start(['worker', '--queue', url, '--cache', newFolder()]);
    return await live(network, submit, worker, images, out, trouble);
  } finally {
    await bench.stop();
    await Promise.all([redisProxy.close(), fileProxy.close(), redis.stop()]);
  }
}

async function live(
  { redis, proxies }: { readonly redis: TestRedis; readonly proxies: readonly CuttableProxy[] },
  submit: () => BenchProcess,
  worker: () => BenchProcess,
  images: number,
  out: string,
  trouble: Trouble,
): Promise<TroubleReport> {
  const started = Date.now();
  const random = seededRandom(trouble.seed);
  const workers = Array.from({ length: trouble.workers }, worker);
  let submitter = submit();
  const done = { kills: 0, restarts: 0, resumes: 0, cuts: 0 };
  const events = shuffled(
    [
      ...Array<'kill'>(trouble.kills).fill('kill'),
      ...Array<'restart'>(trouble.restarts).fill('restart'),
      ...Array<'resume'>(trouble.resumes).fill('resume'),
      ...trouble.cutsMs,
    ],
    random,
  );
  for (const [i, event] of events.entries()) {
    // In the first two thirds of the run, so that what is made last still meets work.
    const due = Math.floor((2 * images * i) / (3 * events.length));
    const ended = () => submitter.child.exitCode !== null;
    await until(`${due} images`, () => recordedImages(out).size >= due || ended(), 600_000);
    // Faster than its trouble: the report says how much of it there was.
    if (ended()) break;
    if (event === 'kill') {
      const victim = random.integer(workers.length);
      workers[victim]!.child.kill('SIGKILL');
      workers[victim] = worker();
      done.kills++;
    } else if (event === 'restart') {
      await redis.restart();
      done.restarts++;
    } else if (event === 'resume') {
      submitter.child.kill('SIGKILL');
      await submitter.done;
      submitter = submit();
      done.resumes++;
    } else {
      for (const proxy of proxies) proxy.cut();
      await new Promise((resolve) => setTimeout(resolve, event));
      for (const proxy of proxies) proxy.mend();
      done.cuts++;
    }
  }
  const code = await submitter.done;
  if (code !== 0) throw new Error(`the run ended with ${code}: ${submitter.output()}`);
  return { ...done, seconds: (Date.now() - started) / 1000, images: recordedImages(out).size };
}

/** Keys of all records, in the order in which they were written. */
export function recordKeys(out: string): string[] {
  return lines(out).map(({ key }) => key);
}

function recordedImages(out: string): Set<string> {
  return new Set(lines(out).map(({ image }) => image));
}

function lines(out: string): { key: string; image: string }[] {
  const file = path.join(out, 'records.jsonl');
  if (!existsSync(file)) return [];
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

function shuffled<T>(items: readonly T[], random: SeededRandom): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
