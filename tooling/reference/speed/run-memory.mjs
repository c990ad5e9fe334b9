// Resident memory of `hybridcam-bench run` along 10 000 scenes: must not grow.
//
//     node tooling/reference/speed/run-memory.mjs [SCENES]
//
// Prints the resident set after every tenth of the run, what of it JavaScript holds, and the growth from the first to the last. With
// `node --expose-gc` garbage is collected before each look, so that what is left is what is kept. After `pnpm build`.
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
  globalThis.gc?.();
  const { rss, heapUsed, arrayBuffers } = process.memoryUsage();
  seen.push(rss);
  const [all, heap, arrays] = [rss, heapUsed, arrayBuffers].map((bytes) => (bytes / 1e6).toFixed(1));
  console.log(
    `${String(done).padStart(6)} scenes  ${all} MB, of it ${heap} MB of objects and ${arrays} MB of arrays`,
  );
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
