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

test('every second change of JSON keeps its syntax', () => {
  const lines = [new TextEncoder().encode('{"a": [1, {"b": 2}]}\n{"c": "d"}\n')];
  const whole = [new TextEncoder().encode('{\n"a": [1, {"b": 2}]\n}')];
  const isJson = (text: string) => {
    try {
      JSON.parse(text);
      return true;
    } catch {
      return false;
    }
  };
  const seeds = Array.from({ length: 600 }, (_, seed) => seed);
  const texts = (files: readonly Uint8Array[]) =>
    seeds.map((seed) => new TextDecoder().decode(mutate(files, seed)));
  const kept = texts(whole).filter(isJson);
  expect(kept.length).toBeGreaterThan(150);
  expect(new Set(kept).size).toBeGreaterThan(50);
  const keptLines = texts(lines).filter((text) => text.trim().split('\n').every(isJson));
  expect(keptLines.length).toBeGreaterThan(150);
});
