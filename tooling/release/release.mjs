// `pnpm release`: publishes the version in the manifests to the public registry, every package once, in dependency order. Safe to run
// again after an interruption. `pnpm release --dry-run` packs everything, publishes nothing, and fails where a release would be refused.
//
// Provenance (who built this, from which commit) exists where GitHub Actions hands out an identity: in release.yml. Elsewhere the
// command refuses, unless --no-provenance says that this is meant.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { command } from './command.mjs';
import { pack } from './pack.mjs';
import { publish } from './publish.mjs';
import { publishedPackages } from './published-packages.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const { values } = parseArgs({
  options: {
    'dry-run': { type: 'boolean', default: false },
    'no-provenance': { type: 'boolean', default: false },
    registry: { type: 'string' },
  },
});
const provenance = !values['no-provenance'];
const registry = values.registry ?? (await command('npm', ['config', 'get', 'registry'])).trim();
const packages = publishedPackages(root);
const problems = await readiness();
console.log(packages.map(({ name, manifest }, i) => `${i + 1}. ${name}@${manifest.version}`).join('\n'));

if (problems.length > 0) {
  console.error(problems.map((problem) => `release: ${problem}`).join('\n'));
  process.exitCode = 1;
} else {
  const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-publish-'));
  try {
    const tarballs = await pack(packages, folder);
    if (values['dry-run'])
      console.log(`\n${tarballs.size} packages packed; nothing was published to ${registry}.`);
    else await publish(packages, tarballs, { registry, provenance, env: withToken(), report: console.log });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The environment, with the token of NPM_TOKEN where npm looks for one; npm's own login and trusted publishing need none. */
function withToken() {
  const { NPM_TOKEN: token, ...env } = process.env;
  return token ? { ...env, [`npm_config_//${new URL(registry).host}/:_authToken`]: token } : env;
}

/** @returns {Promise<string[]>} what stands between this checkout and a release */
async function readiness() {
  const found = [];
  const versions = [...new Set(packages.map(({ manifest }) => manifest.version))];
  if (versions.length > 1)
    found.push(`the packages have several versions (${versions.join(', ')}); they share one.`);
  if (versions.includes('0.0.0'))
    found.push('the version is 0.0.0; run `pnpm version-packages` and commit first.');
  const pending = readdirSync(path.join(root, '.changeset')).filter(
    (file) => file.endsWith('.md') && file !== 'README.md',
  );
  if (pending.length > 0) {
    found.push(
      `${pending.length} changesets are not in a version yet; run \`pnpm version-packages\` and commit.`,
    );
  }
  for (const { name, folder, manifest } of packages) {
    const changelog = path.join(folder, 'CHANGELOG.md');
    if (!existsSync(changelog) || !readFileSync(changelog, 'utf8').includes(`## ${manifest.version}`)) {
      found.push(`${name} has no entry for ${manifest.version} in its CHANGELOG.md.`);
    }
    if (!existsSync(path.join(folder, 'dist'))) found.push(`${name} is not built; run \`pnpm build\`.`);
  }
  if ((await command('git', ['status', '--porcelain'], { cwd: root })).trim() !== '') {
    found.push('the working tree has changes; commit them, so that the tag says what was published.');
  }
  if (provenance && !process.env['ACTIONS_ID_TOKEN_REQUEST_URL']) {
    found.push('no provenance outside GitHub Actions (release.yml); --no-provenance publishes without it.');
  }
  return found;
}
