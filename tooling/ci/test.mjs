// `pnpm test`: everything that must hold before a change may land, in the order in which a failure is cheapest to find.
// Ends with the count of passed, failed and skipped tests, and names every skip and why, so that a green run hides nothing.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'hybridcam-test-'));
const skips = [];
const failures = [];
let passed = 0;

/** @returns whether the command exited with 0 */
function run(title, command, args) {
  console.log(`\n── ${title}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, NO_COLOR: '1' },
  });
  console.log(
    `── ${title}: ${status === 0 ? 'ok' : 'FAILED'} (${((Date.now() - started) / 1000).toFixed(1)} s)`,
  );
  if (status !== 0) failures.push(title);
  return status === 0;
}

function vitest(title, args) {
  const report = path.join(scratch, `${title.replaceAll(' ', '-')}.json`);
  run(title, 'pnpm', [
    'exec',
    'vitest',
    'run',
    ...args,
    '--reporter=dot',
    '--reporter=json',
    `--outputFile.json=${report}`,
  ]);
  if (!existsSync(report)) return;
  for (const file of JSON.parse(readFileSync(report, 'utf8')).testResults) {
    const name = path.relative(root, file.name);
    if (file.status === 'failed' && file.assertionResults.length === 0)
      failures.push(`${name}: ${file.message}`);
    for (const test of file.assertionResults) {
      if (test.status === 'passed') passed++;
      else if (test.status === 'failed') failures.push(`${name} > ${test.fullName}`);
      else skips.push(`${name} > ${test.fullName}`);
    }
  }
}

const chromium = process.env.HYBRIDCAM_CHROMIUM ?? '/usr/bin/chromium';
const built = run('build', 'pnpm', ['build']);
run('types', 'pnpm', ['typecheck']);
run('lint', 'pnpm', ['lint']);
run('unused code', 'pnpm', ['unused']);
run('licences', 'pnpm', ['check:licences']);
if (built) {
  run('public surface', 'pnpm', ['api:check']);
  run('sizes', 'pnpm', ['sizes']);
  vitest('unit tests', []);
  if (existsSync(chromium)) vitest('browser tests', ['--config', 'vitest.browser.config.ts']);
  else skips.push(`browser tests (all): no Chromium at ${chromium}; install it or set HYBRIDCAM_CHROMIUM`);
  run('documentation', 'pnpm', ['docs:build']);
  run('release', 'pnpm', ['release:check']);
}
rmSync(scratch, { recursive: true, force: true });

if (!existsSync(path.join(root, '..', 'shared', 'reference'))) {
  console.log(
    '\nThe reference folder (../shared) is absent: parity tests against real photographs were skipped.',
  );
}
if (skips.length > 0) {
  console.log(`\nSkipped (${skips.length}):`);
  for (const skip of skips) console.log(`  ${skip}`);
}
if (failures.length > 0) {
  console.log(`\nFailed (${failures.length}):`);
  for (const failure of failures) console.log(`  ${failure}`);
}
console.log(`\n${passed} passed, ${failures.length} failed, ${skips.length} skipped`);
process.exit(failures.length === 0 ? 0 : 1);
