// Forward passes a second inside `hybridcam-bench run` against the best batched throughput of the bare runtime, in one process.
//
//     node tooling/reference/speed/run-throughput.mjs MODEL.onnx IMAGES [LIMIT]
//
// Within every image of the run, the bare session takes its turn at every batch size on ready-made inputs: a machine that is shared
// changes its speed by more than what is to be measured here, and both must see it. Beside the ratio of wall clocks stands that of processor
// time. After `pnpm build`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [file, images, limit = '20'] = process.argv.slice(2);
const root = new URL('../../../', import.meta.url);
const ort = createRequire(new URL('apps/bench/package.json', root))('onnxruntime-node');
const { main } = await import(new URL('apps/bench/dist/index.js', root).href);
const SIZES = [1, 2, 4, 8, 16];
/** Passes of a bare session in one turn. */
const TURN = 16;
/** Where in an image the bare sessions take their turn: the next is decoded by then, and the one before is written. */
const TURN_AT_CALL = 6;

const { prototype } = ort.InferenceSession;
const plainRun = prototype.run;
const clock = () => {
  const { user, system } = process.cpuUsage();
  return { wall: performance.now(), cpu: (user + system) / 1000 };
};
const since = (start, end = clock()) => ({ wall: end.wall - start.wall, cpu: end.cpu - start.cpu });
const plus = (a, b) => ({ wall: a.wall + b.wall, cpu: a.cpu + b.cpu });
const minus = (a, b) => ({ wall: a.wall - b.wall, cpu: a.cpu - b.cpu });
const over = (a, count) => ({ wall: a.wall / count, cpu: a.cpu / count });
const NOTHING = { wall: 0, cpu: 0 };
function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1] + sorted[sorted.length >> 1]) / 2;
}

// Threads that sleep between operators, as ours do, and threads that spin, ONNX Runtime's own default: faster on an idle machine, up to
// twice as slow on a busy one.
const bare = [];
for (const spinning of ['1', '0']) {
  const session = await ort.InferenceSession.create(file, {
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: spinning } } },
  });
  const [name] = session.inputNames;
  for (const size of SIZES) {
    const dims = [size, 3, 224, 224];
    const input = new ort.Tensor('float32', new Float32Array(size * 3 * 224 * 224).fill(0.1), dims);
    const threads = spinning === '1' ? 'spinning' : 'sleeping';
    const title = `batch ${size}, ${threads} threads`;
    bare.push({
      title,
      threads,
      session,
      run: () => plainRun.call(session, { [name]: input }),
      size,
      turns: [],
    });
  }
}
async function takeTurns() {
  for (const { run, size, turns } of bare) {
    await run();
    const start = clock();
    for (let done = 0; done < TURN; done += size) await run();
    turns.push(over(since(start), TURN));
  }
}

// What one image takes: all of it but the bare sessions' turn, its passes, and the part of it that is spent in the runtime.
const stretches = [];
let stretch;
prototype.run = async function timedRun(feeds, ...others) {
  if (!stretch) return plainRun.call(this, feeds, ...others);
  if (++stretch.calls === TURN_AT_CALL) {
    const start = clock();
    await takeTurns();
    stretch.away = since(start);
  }
  const start = clock();
  const values = await plainRun.call(this, feeds, ...others);
  stretch.inRuntime = plus(stretch.inRuntime, since(start));
  stretch.passes += Object.values(feeds)[0].dims[0];
  return values;
};

const out = mkdtempSync(path.join(tmpdir(), 'run-throughput-'));
const began = clock();
let startUp;
const note = (text) => {
  if (!/\d+\/\d+ · /.test(text)) return true;
  // The first image warms up; what follows the last is the report, not the run.
  const now = clock();
  startUp ??= since(began, now);
  if (stretch) {
    const all = minus(since(stretch.start, now), stretch.away);
    stretches.push({ all: over(all, stretch.passes), inRuntime: over(stretch.inRuntime, stretch.passes) });
  }
  stretch = { start: now, calls: 0, passes: 0, away: NOTHING, inRuntime: NOTHING };
  return true;
};
const code = await main(
  [
    'run',
    '--images',
    images,
    '--model',
    file,
    '--limit',
    limit,
    '--out',
    out,
    '--method',
    'grad-cam,layer-cam,hybrid',
  ],
  { stdout: { write: () => true }, stderr: { write: note }, signal: new AbortController().signal },
);
const { batchSize } = JSON.parse(readFileSync(path.join(out, 'run.json'), 'utf8'));
rmSync(out, { recursive: true });
for (const session of new Set(bare.map(({ session }) => session))) await session.release();

const medianOf = (values, part) => median(values.map((value) => value[part]));
console.log(`bare, ms a pass: ${'wall'.padStart(30)}  processor`);
for (const { title, turns } of bare)
  console.log(
    `  ${title.padEnd(32)} ${medianOf(turns, 'wall').toFixed(2).padStart(11)} ${medianOf(turns, 'cpu').toFixed(2).padStart(10)}`,
  );
for (const part of ['all', 'inRuntime']) {
  const values = stretches.map((some) => some[part]);
  const title = part === 'all' ? `run, batch ${batchSize}` : '  of it in the runtime';
  console.log(
    `  ${title.padEnd(32)} ${medianOf(values, 'wall').toFixed(2).padStart(11)} ${medianOf(values, 'cpu').toFixed(2).padStart(10)}`,
  );
}
function ratio(part, threads) {
  const known = bare.filter((some) => some.threads === threads);
  const best = known.reduce((a, b) => (medianOf(a.turns, part) <= medianOf(b.turns, part) ? a : b));
  return median(stretches.map(({ all }, i) => best.turns[i][part] / all[part])).toFixed(2);
}
console.log(
  `exit ${code}; ${stretches.length} images after ${(startUp.wall / 1000).toFixed(1)} s of start and first image. Passes a second in the run against the best bare batch, medians over the images:`,
);
for (const threads of ['sleeping', 'spinning'])
  console.log(
    `  bare with ${threads} threads: ${ratio('wall', threads)} by wall clock, ${ratio('cpu', threads)} by processor time`,
  );
