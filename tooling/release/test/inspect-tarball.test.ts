import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { inspectTarball } from '../inspect-tarball.mjs';

const manifest = {
  name: '@hybridcam/toy',
  license: 'Apache-2.0',
  type: 'module',
  engines: { node: '>=20.19' },
  publishConfig: { access: 'public' },
  repository: { url: 'git+https://github.com/hybridcam/hybridcam.git' },
  exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
};
const good = {
  'package.json': JSON.stringify(manifest),
  'README.md': '# toy',
  LICENSE: 'Apache',
  'src/index.ts': 'export {};',
  'dist/index.js': 'export {};',
  'dist/index.d.ts': 'export {};',
};

async function problemsOf(files: Record<string, string>, packed = 10_000): Promise<string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-tarball-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) {
    const file = path.join(folder, 'package', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const tarball = path.join(folder, 'toy.tgz');
  execFileSync('tar', ['-czf', tarball, '-C', folder, 'package']);
  return (await inspectTarball(tarball, path.join(folder, 'unpacked'), { packed })).problems;
}

test('a package with its readme, licence, sources and output has no problem', async () => {
  expect(await problemsOf(good)).toEqual([]);
});

test.each([
  ['a fixture', { 'test/fixtures/photo.png': 'x' }, 'test/fixtures/photo.png does not belong in a package'],
  ['a test beside the sources', { 'src/index.npy': 'x' }, 'src/index.npy does not belong in a package'],
  ['build information', { 'dist/.tsbuildinfo': '{}' }, 'dist/.tsbuildinfo does not belong in a package'],
  [
    'output whose source is gone',
    { 'dist/old.js': '' },
    'dist/old.js has no source src/old.ts: delete dist and build again',
  ],
  [
    'an install script',
    { 'package.json': JSON.stringify({ ...manifest, scripts: { postinstall: 'node evil.js' } }) },
    'package.json: a "postinstall" script would run at install',
  ],
  [
    'a workspace range',
    { 'package.json': JSON.stringify({ ...manifest, dependencies: { '@hybridcam/core': 'workspace:^' } }) },
    'package.json: @hybridcam/core still says "workspace:^"',
  ],
  [
    'another licence',
    { 'package.json': JSON.stringify({ ...manifest, license: 'MIT' }) },
    'package.json: license is "MIT", not "Apache-2.0"',
  ],
  [
    'an entry that is not there',
    { 'package.json': JSON.stringify({ ...manifest, bin: { toy: 'bin/toy.js' } }) },
    'package.json names bin/toy.js, which is not in the package',
  ],
])('%s is named', async (_, files, problem) => {
  expect(await problemsOf({ ...good, ...files } as Record<string, string>)).toEqual([problem]);
});

test('a missing licence and a broken budget are named', async () => {
  const { LICENSE: _, ...rest } = good;
  const [licence, budget, ...others] = await problemsOf(rest, 10);
  expect(licence).toBe('LICENSE is missing');
  expect(budget).toMatch(/^\d+ bytes packed; the budget is 10/);
  expect(others).toEqual([]);
});
