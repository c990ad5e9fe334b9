import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { main } from '../../../apps/bench/src/main.ts';
import { readCurves, readFailures, readRecords } from '../../../apps/bench/src/records/read-records.ts';
import { countSessions, type SessionCount } from '../src/count-sessions.ts';
import { expectRefusedEverywhere } from '../src/expect-refused-everywhere.ts';

let folder: string;
let count: SessionCount;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-abort-bench-'));
  count = countSessions();
  return () => rmSync(folder, { recursive: true });
});
afterEach(() => count.restore());

/** The command; its refusal is its exit code: 130 and one line. */
async function run(out: string, signal: AbortSignal, ...more: string[]): Promise<void> {
  const images = ['--images', 'scenes:2', '--method', 'grad-cam,random', '--metric', 'insertion,energy'];
  let stderr = '';
  const code = await main(['run', ...images, '--batch', '8', '--out', out, '-q', ...more], {
    stdout: { write: () => {} },
    stderr: { write: (text: string) => (stderr += text) },
    signal,
  });
  if (code !== 0) throw Object.assign(new Error(stderr), { code });
}

const summary = (out: string): string => readFileSync(path.join(out, 'summary.csv'), 'utf8');

test('hybridcam-bench run: what is recorded is valid, and a resumed run ends like one that nobody stopped', async () => {
  const whole = path.join(folder, 'whole');
  await run(whole, new AbortController().signal);
  const out = path.join(folder, 'out');
  const report = await abortAtEveryAwait(
    async (signal) => {
      rmSync(out, { recursive: true, force: true });
      await run(out, signal);
    },
    {
      isRefusal: (error) =>
        (error as { code?: unknown }).code === 130 && /aborted/.test((error as Error).message),
      most: 30,
      check: async () => {
        expect({ sessions: count.sessions, tensors: count.tensors }).toEqual({ sessions: 0, tensors: 0 });
        expect(readdirSync(folder).sort()).toEqual(existsSync(out) ? ['out', 'whole'] : ['whole']);
        if (existsSync(path.join(out, 'run.json'))) {
          expect(readdirSync(out).filter((name) => /lock|part$|tmp/.test(name))).toEqual([]);
          await readCurves(out);
          expect((await readFailures(out, await readRecords(out))).length).toBe(0);
          await run(out, new AbortController().signal, '--resume');
        } else {
          await run(out, new AbortController().signal);
        }
        expect(summary(out)).toBe(summary(whole));
      },
    },
  );
  // Behind the last image the tables and the page are still written, from what is recorded.
  expectRefusedEverywhere(report, 650);
}, 180_000);
