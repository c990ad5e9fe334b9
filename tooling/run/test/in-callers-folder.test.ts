import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';

const runner = fileURLToPath(new URL('../in-callers-folder.mjs', import.meta.url));

it('in-callers-folder runs the script in the folder where pnpm was called, with its arguments where it expects them', () => {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'hybridcam-test-')));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(
    join(folder, 'script.mjs'),
    'console.log(JSON.stringify([process.cwd(), process.argv.slice(1)]));',
  );
  const run = (env: Record<string, string>, cwd: string) =>
    JSON.parse(
      execFileSync(process.execPath, [runner, 'script.mjs', 'a b', '--json'], {
        cwd,
        env: { ...process.env, ...env },
        encoding: 'utf8',
      }),
    );
  const elsewhere = realpathSync(tmpdir());
  const args = [join(folder, 'script.mjs'), 'a b', '--json'];
  expect(run({ INIT_CWD: elsewhere }, folder)).toEqual([elsewhere, args]);
  expect(run({ INIT_CWD: '' }, folder)).toEqual([folder, args]);
});
