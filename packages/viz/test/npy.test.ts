import { view } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { encodeNpy } from '../src/index.ts';
import { readFixture } from './fixture.ts';

describe('encodeNpy', () => {
  it('writes magic, version, a header padded to 64 bytes and little-endian float32', () => {
    const bytes = Buffer.from(encodeNpy(view(Float32Array.of(1, -2.5, 3, 4, 5, 6), [2, 3])));
    expect(bytes.subarray(0, 8).toString('latin1')).toBe('\x93NUMPY\x01\x00');
    const headerLength = bytes.readUInt16LE(8);
    expect((10 + headerLength) % 64).toBe(0);
    const header = bytes.toString('latin1', 10, 10 + headerLength);
    expect(header.trimEnd()).toBe("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }");
    expect(header.endsWith('\n')).toBe(true);
    expect(bytes.length).toBe(10 + headerLength + 24);
    expect(bytes.readFloatLE(10 + headerLength + 4)).toBe(-2.5);
  });

  it('writes the very bytes of numpy.save', () => {
    const made = readFixture<{ files: { shape: number[]; bytes: string }[] }>('npy.json');
    expect(made.files.length).toBeGreaterThan(3);
    for (const { shape, bytes } of made.files) {
      const size = shape.reduce((product, extent) => product * extent, 1);
      const array = view(
        Float32Array.from({ length: size }, (_, i) => i / 8 - 1),
        shape,
      );
      expect(Buffer.from(encodeNpy(array)).toString('base64')).toBe(bytes);
    }
  });

  it('writes strided arrays in row-major order', () => {
    const transposed = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 2], stride: [1, 2], offset: 0 };
    expect(encodeNpy(transposed)).toEqual(encodeNpy(view(Float32Array.of(1, 3, 2, 4), [2, 2])));
  });
});
