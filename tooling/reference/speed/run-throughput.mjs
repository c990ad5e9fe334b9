// Forward passes a second inside `hybridcam-bench run` against the best batched throughput of the bare runtime, in one process.
//
//     node tooling/reference/speed/run-throughput.mjs MODEL.onnx IMAGES [LIMIT]
//
// The bare session is timed at every batch size before and after the run, on ready-made inputs. Beside the ratio of wall clocks stands that of
// processor time, which other work on the machine disturbs less. After `pnpm build`.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

const [file, images, limit = '20'] = process.argv.slice(2);
const root = new URL('../../../', import.meta.url);
const ort = createRequire(new URL('apps/bench/package.json', root))('onnxruntime-node');
const { main } = await import(new URL('apps/bench/dist/index.js', root).href);
const SIZES = [1, 2, 4, 8, 16];

/** Milliseconds of wall clock and of processor, per image. */
async function timed(count, work) {
  const cpu = process.cpuUsage();
  const started = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { wall: (performance.now() - started) / count, cpu: (user + system) / 1000 / count };
}

// Threads that spin between operators are faster on an idle machine and much slower on a busy one: the better of the two counts.
const sessions = [];
for (const spinning of ['1', '0'])
  sessions.push(
    await ort.InferenceSession.create(file, {
      logSeverityLevel: 3,
      extra: { session: { intra_op: { allow_spinning: spinning } } },
    }),
  );
const [name] = sessions[0].inputNames;
async function bare() {
  const best = { wall: Number.POSITIVE_INFINITY, cpu: Number.POSITIVE_INFINITY };
  for (const [session, size] of sessions.flatMap((some) => SIZES.map((size) => [some, size]))) {
    const dims = [size, 3, 224, 224];
    const input = new ort.Tensor('float32', new Float32Array(size * 3 * 224 * 224).fill(0.1), dims);
    await session.run({ [name]: input });
    const cost = await timed(32, async () => {
      for (let done = 0; done < 32; done += size) await session.run({ [name]: input });
    });
    best.wall = Math.min(best.wall, cost.wall);
    best.cpu = Math.min(best.cpu, cost.cpu);
  }
  return best;
}

const out = mkdtempSync(path.join(tmpdir(), 'run-throughput-'));
const before = await bare();
const quiet = { write: () => true };
const args = [
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
];
let first;
let last;
const note = (text) => {
  if (!/\d+\/\d+ · /.test(text)) return true;
  // The first image warms up; what follows the last is the report, not the run.
  const now = { at: performance.now(), cpu: process.cpuUsage() };
  first ??= now;
  last = now;
  return true;
};
const code = await main(args, {
  stdout: quiet,
  stderr: { write: note },
  signal: new AbortController().signal,
});
const after = await bare();
for (const session of sessions) await session.release();
const costs = readFileSync(path.join(out, 'costs.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => JSON.parse(line));
const [{ batchSize }] = costs;
const forwards = costs.reduce((sum, cost) => sum + cost.forwards, 0);
const done = costs.reduce((sum, cost) => sum + cost.images, 0);
rmSync(out, { recursive: true });
// Every image takes equally many passes, and one more for its explanations.
const passes = ((done - 1) * (forwards + done)) / done;
const wall = (last.at - first.at) / passes;
const used = last.cpu.user + last.cpu.system - first.cpu.user - first.cpu.system;
const cpu = used / 1000 / passes;
const bareWall = (before.wall + after.wall) / 2;
const bareCpu = (before.cpu + after.cpu) / 2;
console.log(
  `exit ${code}; ${done} images, batch ${batchSize}: ${(1000 / wall).toFixed(1)} passes/s inside run, bare best ${(1000 / bareWall).toFixed(1)}/s (${(1000 / before.wall).toFixed(1)} before, ${(1000 / after.wall).toFixed(1)} after): ${(bareWall / wall).toFixed(2)} by wall clock, ${(bareCpu / cpu).toFixed(2)} by processor time`,
);
