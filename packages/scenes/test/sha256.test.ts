import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { sha256 } from '../src/index.ts';

describe('sha256', () => {
  it('hashes nothing and "abc" as FIPS 180-4 says', () => {
    expect(sha256().digest()).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(
      sha256()
        .update(Uint8Array.of(97, 98, 99))
        .digest(),
    ).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('agrees with Node at every length around a block, in one piece or many', () => {
    for (let length = 0; length < 200; length++) {
      const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) & 255);
      const expected = createHash('sha256').update(bytes).digest('hex');
      expect(sha256().update(bytes).digest()).toBe(expected);
      const pieces = sha256();
      for (let at = 0; at < length; at += 7) pieces.update(bytes.subarray(at, at + 7));
      expect(pieces.digest()).toBe(expected);
    }
  });
});
