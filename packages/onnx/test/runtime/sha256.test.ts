import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { sha256, sha256Hex } from '../../src/runtime/sha256.ts';

describe('sha256', () => {
  test.each([0, 1, 55, 56, 63, 64, 65, 119, 120, 1000, 100_000])(
    'of %d bytes equals node:crypto',
    async (length) => {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 37 + (i >> 8)) & 255);
      const expected = createHash('sha256').update(bytes).digest('hex');
      expect(Buffer.from(sha256(bytes)).toString('hex')).toBe(expected);
      expect(await sha256Hex(bytes)).toBe(expected);
    },
  );
});
