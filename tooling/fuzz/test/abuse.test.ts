import { OptionError } from '@hybridcam/core';
import { expect, test } from 'vitest';
import { abuse } from '../src/abuse.ts';

const valid = [Uint8Array.from({ length: 64 }, (_, i) => i)];
const run = (parse: (bytes: Uint8Array) => unknown) => abuse({ valid, parse, cases: 50, seed: 1 });

test('counts values and typed errors', async () => {
  const { read, refused, codes } = await run((bytes) => {
    if (bytes.length !== 64) throw new OptionError('length: expected 64 bytes.');
  });
  expect(read + refused).toBe(50);
  expect(codes).toEqual({ OPTION: refused });
  expect(refused).toBeGreaterThan(0);
});

test.each([
  ['an error of another kind', () => JSON.parse('{')],
  [
    'a message without end',
    () => {
      throw new OptionError('x'.repeat(10_000));
    },
  ],
  ['buffers of more than twice the file', () => new Uint8Array(2 ** 23)],
])('%s is a defect, reported with its seed', async (_, defect) => {
  const kept: unknown[] = [];
  await expect(
    run((bytes) => {
      if (bytes !== valid[0]) kept.push(defect());
    }),
  ).rejects.toThrow(/^seed \d+, \d+ bytes: /);
});
