import { createHash } from 'node:crypto';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { sha256Hex } from '../../src/runtime/sha256-hex.ts';

const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => (i * 37 + (i >> 8)) & 255);
const expected = createHash('sha256').update(bytes).digest('hex');

const withoutNode = () => vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never);

describe('sha256Hex', () => {
  afterEach(() => {
    vi.restoreAllMocks();
    vi.unstubAllGlobals();
  });

  test('with Node’s hash', async () => expect(await sha256Hex(bytes)).toBe(expected));

  test('with Web Crypto, as in a page', async () => {
    withoutNode();
    expect(await sha256Hex(bytes)).toBe(expected);
  });

  test('with neither, as in a page that is no secure context', async () => {
    withoutNode();
    vi.stubGlobal('crypto', {});
    expect(await sha256Hex(bytes)).toBe(expected);
  });
});
