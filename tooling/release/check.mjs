// `pnpm release:check`: packs every package, looks into the tarballs, publishes them to a registry on this machine, and uses them
// there as strangers would. Needs `pnpm build` before, and the public registry for other people's packages.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { command } from './command.mjs';
import { inspectTarball } from './inspect-tarball.mjs';
import { localRegistry } from './local-registry.mjs';
import { pack } from './pack.mjs';
import { publish } from './publish.mjs';
import { publishedPackages } from './published-packages.mjs';
import { rehearse } from './rehearse.mjs';
import { strangers } from './strangers.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const scratch = mkdtempSync(path.join(tmpdir(), 'hybridcam-release-'));
const keep = process.argv.includes('--keep');
const failures = [];

/** Runs one step and goes on after a failure, so that one run tells everything. */
async function step(title, work) {
  const started = Date.now();
  try {
    await work();
    console.log(`ok      ${title} (${((Date.now() - started) / 1000).toFixed(1)} s)`);
  } catch (error) {
    failures.push(title);
    console.log(`FAILED  ${title}\n${error instanceof Error ? error.message : error}\n`);
  }
}

const packages = publishedPackages(root);
const tarballFolder = path.join(scratch, 'tarballs');
mkdirSync(tarballFolder);
const tarballs = await pack(packages, tarballFolder);

const budgets = JSON.parse(readFileSync(path.join(import.meta.dirname, 'budgets.json'), 'utf8'));
for (const { name } of packages) {
  const tarball = tarballs.get(name);
  await step(`${name}: contents`, async () => {
    const budget = budgets[name];
    if (!budget) throw new Error(`${name} has no row in tooling/release/budgets.json.`);
    const unpacked = path.join(scratch, 'unpacked', path.basename(tarball));
    const { problems, packed, unpacked: bytes } = await inspectTarball(tarball, unpacked, budget);
    if (problems.length > 0) throw new Error(problems.map((problem) => `  ${name}: ${problem}`).join('\n'));
    console.log(`        ${(packed / 1000).toFixed(0)} kB packed, ${(bytes / 1000).toFixed(0)} kB unpacked`);
  });
  await step(`${name}: publint, attw`, async () => {
    await command('pnpm', ['exec', 'publint', tarball, '--strict'], { cwd: root });
    await command('pnpm', ['exec', 'attw', tarball, '--profile', 'esm-only'], { cwd: root });
  });
}

await step('the next release, rehearsed in a clone of the last commit', () => rehearse(root, scratch));

const registry = await localRegistry();
const host = new URL(registry.url).host;
const publishing = {
  registry: registry.url,
  provenance: false,
  env: { ...process.env, [`npm_config_//${host}/:_authToken`]: 'local' },
};
await step('an interrupted release, finished by running it again', async () => {
  const half = packages.slice(0, Math.floor(packages.length / 2));
  await publish(half, tarballs, { ...publishing, report: () => {} });
  const lines = [];
  await publish(packages, tarballs, { ...publishing, report: (line) => lines.push(line) });
  const expected = packages.map(
    ({ name, manifest }, i) =>
      `${name}@${manifest.version}: ${i < half.length ? 'there already' : 'published'}`,
  );
  if (lines.join('\n') !== expected.join('\n')) throw new Error(lines.join('\n'));
});
for (const [title, run] of strangers({ scratch, registry: registry.url, packages })) await step(title, run);
await registry.close();

if (keep) console.log(`\nKept: ${scratch}`);
else rmSync(scratch, { recursive: true, force: true });
console.log(failures.length === 0 ? '\nThe packages can be published.' : `\nFailed: ${failures.join('; ')}`);
process.exitCode = failures.length === 0 ? 0 : 1;
