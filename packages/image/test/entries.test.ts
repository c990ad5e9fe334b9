import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

const source = path.join(import.meta.dirname, '../src');

test.for(['index.ts', 'browser.ts'])('%s reaches neither sharp nor node: modules', (entry) => {
  const { files, packages } = reachable(entry);
  expect(files.size).toBeGreaterThan(5);
  expect([...packages].sort()).toEqual(['@hybridcam/core']);
});

test('node.ts reaches sharp', () => {
  expect(reachable('node.ts').packages).toContain('sharp');
});

function reachable(entry: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [path.join(source, entry)];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    const pattern = /(?:from|import)\s*\(?\s*'([^']+)'/g;
    for (const [, specifier] of readFileSync(file, 'utf8').matchAll(pattern)) {
      if (specifier!.startsWith('.')) queue.push(path.resolve(path.dirname(file), specifier!));
      else packages.add(specifier!);
    }
  }
  return { files, packages };
}
