import { expect, test } from 'vitest';
import { mutate } from '../src/mutate.ts';

const valid = [new TextEncoder().encode('{"version": 1, "list": [1, 2, 3]}'), Uint8Array.of(1, 2, 3, 4)];

test('a seed always gives the same file, and seeds give many different ones', () => {
  const files = Array.from({ length: 500 }, (_, seed) => mutate(valid, seed).join());
  expect(files).toEqual(Array.from({ length: 500 }, (_, seed) => mutate(valid, seed).join()));
  expect(new Set(files).size).toBeGreaterThan(350);
});

test('the valid files are not changed', () => {
  const before = valid.map((bytes) => bytes.join());
  for (let seed = 0; seed < 500; seed++) mutate(valid, seed);
  expect(valid.map((bytes) => bytes.join())).toEqual(before);
});
