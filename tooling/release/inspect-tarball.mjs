import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { command } from './command.mjs';

/** What a package may contain; anything else (tests, fixtures, build information, a stray picture) is a mistake. */
const EXPECTED = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|bin\/[^/]+\.js|(src|dist)\/.+)$/;
const BUILT = /\.(js|d\.ts)(\.map)?$/;
const SOURCE = /\.ts$/;

/**
 * @param {string} tarball
 * @param {string} scratch a folder of its own
 * @param {{ packed: number, extra?: string[] }} budget bytes of the tarball; data files that belong in it
 * @returns {Promise<{ problems: string[], packed: number, unpacked: number }>}
 */
export async function inspectTarball(tarball, scratch, { packed: most, extra = [] }) {
  mkdirSync(scratch, { recursive: true });
  await command('tar', ['-xzf', tarball, '-C', scratch]);
  const folder = path.join(scratch, 'package');
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'));
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  const packed = statSync(tarball).size;
  return {
    problems: [
      ...strangers(files, extra),
      ...staleFiles(files),
      ...manifestProblems(manifest),
      ...['README.md', 'LICENSE', 'package.json']
        .filter((name) => !files.includes(name))
        .map((name) => `${name} is missing`),
      ...missingEntries(manifest, folder),
      ...(packed > most
        ? [`${packed} bytes packed; the budget is ${most} (tooling/release/budgets.json)`]
        : []),
    ],
    packed,
    unpacked: files.reduce((bytes, file) => bytes + statSync(path.join(folder, file)).size, 0),
  };
}

/** Files that no rule expects. */
function strangers(files, extra) {
  return files
    .filter((file) => {
      if (extra.includes(file)) return false;
      if (!EXPECTED.test(file)) return true;
      if (file.startsWith('dist/')) return !BUILT.test(file);
      return file.startsWith('src/') && !SOURCE.test(file);
    })
    .map((file) => `${file} does not belong in a package`);
}

/** Output whose source is gone: the compiler never deletes. */
function staleFiles(files) {
  return files
    .filter((file) => /^dist\/.+\.js$/.test(file) && !files.includes(sourceOf(file)))
    .map((file) => `${file} has no source ${sourceOf(file)}: delete dist and build again`);
}

const sourceOf = (file) => file.replace(/^dist\//, 'src/').replace(/\.js$/, '.ts');

function manifestProblems(manifest) {
  const expected = {
    license: 'Apache-2.0',
    type: 'module',
    'engines.node': '>=20.19',
    'publishConfig.access': 'public',
    'repository.url': 'git+https://github.com/hybridcam/hybridcam.git',
  };
  const problems = Object.entries(expected)
    .map(([key, value]) => [key, value, key.split('.').reduce((object, part) => object?.[part], manifest)])
    .filter(([, value, received]) => received !== value)
    .map(([key, value, received]) => `package.json: ${key} is ${JSON.stringify(received)}, not "${value}"`);
  for (const script of ['preinstall', 'install', 'postinstall', 'prepare']) {
    if (manifest.scripts?.[script]) problems.push(`package.json: a "${script}" script would run at install`);
  }
  for (const [name, range] of Object.entries({ ...manifest.dependencies, ...manifest.peerDependencies })) {
    if (range.startsWith('workspace:')) problems.push(`package.json: ${name} still says "${range}"`);
  }
  return problems;
}

/** Files that `exports` and `bin` name and the tarball lacks. The source condition is for our own repository, and packed too. */
function missingEntries(manifest, folder) {
  const targets = [manifest.exports, manifest.bin].flatMap(leaves);
  return targets
    .filter((target) => !existsSync(path.join(folder, target)))
    .map((target) => `package.json names ${target}, which is not in the package`);
}

function leaves(value) {
  if (value === undefined) return [];
  return typeof value === 'string' ? [value] : Object.values(value).flatMap(leaves);
}
