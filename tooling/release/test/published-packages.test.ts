import path from 'node:path';
import { expect, test } from 'vitest';
import { publishedPackages } from '../published-packages.mjs';

test('every package comes after those of ours it depends on, and private ones not at all', () => {
  const packages = publishedPackages(path.resolve(import.meta.dirname, '../../..'));
  const names = packages.map(({ name }) => name);
  expect(names).toHaveLength(new Set(names).size);
  expect(names).toEqual(expect.arrayContaining(['@hybridcam/core', 'hybridcam']));
  for (const [place, { manifest }] of packages.entries()) {
    expect(manifest.private).toBeUndefined();
    for (const name of Object.keys(manifest.dependencies ?? {})) {
      if (name.startsWith('@hybridcam/')) expect(names.slice(0, place)).toContain(name);
    }
  }
});
