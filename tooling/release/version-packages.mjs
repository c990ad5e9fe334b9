// `pnpm version-packages`: the changesets become versions and changelogs, and the one version that stands in a source follows.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { command } from './command.mjs';

const root = path.resolve(import.meta.dirname, '../..');
await command('pnpm', ['exec', 'changeset', 'version'], { cwd: root });
const core = path.join(root, 'packages/core');
const { version } = JSON.parse(readFileSync(path.join(core, 'package.json'), 'utf8'));
const file = path.join(core, 'src/version.ts');
const before = readFileSync(file, 'utf8');
const after = before.replace(/(export const version = ')[^']*(')/, `$1${version}$2`);
if (!after.includes(`'${version}'`)) throw new Error(`version-packages: ${file} has no version to set.`);
writeFileSync(file, after);
await command('pnpm', ['install', '--lockfile-only'], { cwd: root });
console.log(`Every package is ${version}. Read the CHANGELOG.md files, then commit.`);
