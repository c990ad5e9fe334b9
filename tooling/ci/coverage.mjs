// `pnpm coverage`: runs the unit tests with coverage and fails where a package falls below what tooling/ci/coverage.json records for it (by
// more than half a per cent, which a moved line is worth). `pnpm coverage --update` records what it measured, in a clone without ../shared, so
// that the level is one which the hosted job reaches; `pnpm coverage packages/core` measures one package with its own tests.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const recordFile = path.join(import.meta.dirname, 'coverage.json');
const SLACK = 0.5;
const arguments_ = process.argv.slice(2);
const update = arguments_.includes('--update');
const folders = arguments_.filter((word) => word !== '--update');

if (update && existsSync(path.join(root, '../shared'))) {
  console.error(
    'coverage: expected no ../shared beside the repository, whose tests the hosted job skips; record from a clone elsewhere (CONTRIBUTING.md).',
  );
  process.exit(1);
}
const out = mkdtempSync(path.join(tmpdir(), 'hybridcam-coverage-'));
const included = folders.length > 0 ? folders : ['packages/*', 'apps/bench'];
const { status } = spawnSync(
  'pnpm',
  [
    'exec',
    'vitest',
    'run',
    ...folders,
    '--coverage.enabled',
    '--coverage.reporter=json-summary',
    `--coverage.reportsDirectory=${out}`,
    ...included.map((folder) => `--coverage.include=${folder}/src/**`),
    '--reporter=dot',
  ],
  { cwd: root, stdio: 'inherit' },
);
const summary = path.join(out, 'coverage-summary.json');
if (status !== 0 || !existsSync(summary)) {
  console.error('coverage: tests failed, so there is nothing to compare.');
  process.exit(1);
}
const measured = byPackage(JSON.parse(readFileSync(summary, 'utf8')));
rmSync(out, { recursive: true });

const recorded = existsSync(recordFile) ? JSON.parse(readFileSync(recordFile, 'utf8')) : {};
if (update) {
  const all = Object.entries({ ...recorded, ...measured }).sort(([a], [b]) => (a < b ? -1 : 1));
  writeFileSync(recordFile, `${JSON.stringify(Object.fromEntries(all), null, 2)}\n`);
}
let fell = false;
for (const [name, shares] of Object.entries(measured)) {
  const before = recorded[name];
  const lower = ['lines', 'branches'].filter((kind) => !before || shares[kind] < before[kind] - SLACK);
  console.log(
    `${name}: lines ${shares.lines} %, branches ${shares.branches} %${before ? ` (recorded: ${before.lines}, ${before.branches})` : ' (not recorded)'}`,
  );
  if (lower.length > 0 && !update) fell = true;
}
if (fell) {
  console.error(
    'Coverage fell, or a package is not recorded. Test what is new; `pnpm coverage --update` records a new level.',
  );
  process.exitCode = 1;
}

/** Covered lines and branches of each package in per cent, to one digit. */
function byPackage(summaryOfFiles) {
  const counts = {};
  for (const [file, { lines, branches }] of Object.entries(summaryOfFiles)) {
    if (file === 'total') continue;
    const name = path.relative(root, file).split(path.sep).slice(0, 2).join('/');
    counts[name] ??= { lines: [0, 0], branches: [0, 0] };
    for (const [kind, { covered, total }] of Object.entries({ lines, branches })) {
      counts[name][kind][0] += covered;
      counts[name][kind][1] += total;
    }
  }
  const share = ([covered, total]) => Math.round((1000 * covered) / Math.max(1, total)) / 10;
  return Object.fromEntries(
    Object.entries(counts).map(([name, { lines, branches }]) => [
      name,
      { lines: share(lines), branches: share(branches) },
    ]),
  );
}
