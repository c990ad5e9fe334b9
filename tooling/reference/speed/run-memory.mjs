// Resident memory of `hybridcam-bench run` along 10 000 scenes: must not grow.
//
//     node tooling/reference/speed/run-memory.mjs [SCENES]
//
// Prints the resident set after every tenth of the run and the growth from the first to the last. After `pnpm build`.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const scenes = Number(process.argv[2] ?? 10_000);
const { main } = await import(new URL('../../../apps/bench/dist/index.js', import.meta.url).href);
const out = mkdtempSync(path.join(tmpdir(), 'run-memory-'));
const seen = [];
const note = (text) => {
  const done = Number(/(\d+)\/\d+ · /.exec(text)?.[1] ?? 0);
  if (done === 0 || done % (scenes / 10) !== 0) return true;
  const megabytes = process.memoryUsage().rss / 1e6;
  seen.push(megabytes);
  console.log(`${String(done).padStart(6)} scenes  ${megabytes.toFixed(1)} MB`);
  return true;
};
const args = [
  'run',
  '--images',
  `scenes:${scenes}`,
  '--method',
  'grad-cam',
  '--metric',
  'average-drop,energy',
  '--out',
  out,
];
const code = await main(args, {
  stdout: { write: () => true },
  stderr: { write: note },
  signal: new AbortController().signal,
});
rmSync(out, { recursive: true });
console.log(`exit ${code}; growth ${(100 * (seen.at(-1) / seen[0] - 1)).toFixed(1)} %`);
