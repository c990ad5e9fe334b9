import { CamError, LimitError, ModelFormatError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { readSafetensors, tensorToFloat32 } from '../src/index.ts';

/** A file from header text and data bytes. */
function file(header: unknown, data: ArrayLike<number> = [], length?: number | bigint): Uint8Array {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(length ?? text.length), true);
  bytes.set(text, 8);
  bytes.set(data, 8 + text.length);
  return bytes;
}

const two = {
  __metadata__: { format: 'pt', note: 'ü' },
  half: { dtype: 'F16', shape: [3], data_offsets: [4, 10] },
  single: { dtype: 'F32', shape: [1, 1], data_offsets: [0, 4] },
};
// 1.5 as float32; 1, −2 and the least subnormal as halves.
const data = [0, 0, 192, 63, 0, 60, 0, 192, 1, 0];

describe('readSafetensors', () => {
  it('reads metadata and tensors in any order of the header', () => {
    const { metadata, tensors } = readSafetensors(file(two, data));
    expect([...metadata]).toEqual([
      ['format', 'pt'],
      ['note', 'ü'],
    ]);
    expect([...tensorToFloat32(tensors.get('single')!)]).toEqual([1.5]);
    expect([...tensorToFloat32(tensors.get('half')!)]).toEqual([1, -2, 2 ** -24]);
    expect(tensors.get('single')!.shape).toEqual([1, 1]);
  });

  it('reads bfloat16, small integers and tensors without elements', () => {
    const { tensors } = readSafetensors(
      file(
        {
          a: { dtype: 'BF16', shape: [2], data_offsets: [0, 4] },
          b: { dtype: 'I8', shape: [2], data_offsets: [4, 6] },
          empty: { dtype: 'F32', shape: [0, 7], data_offsets: [6, 6] },
        },
        [128, 63, 0, 192, 255, 5],
      ),
    );
    expect([...tensorToFloat32(tensors.get('a')!)]).toEqual([1, -2]);
    expect([...tensorToFloat32(tensors.get('b')!)]).toEqual([-1, 5]);
    expect(tensorToFloat32(tensors.get('empty')!).length).toBe(0);
  });

  it('tensorToFloat32 refuses types float32 cannot hold', () => {
    const { tensors } = readSafetensors(
      file({ a: { dtype: 'I64', shape: [1], data_offsets: [0, 8] } }, new Array(8).fill(0)),
    );
    expect(() => tensorToFloat32(tensors.get('a')!)).toThrow('received I64');
  });

  const entry = (change: object) => ({ a: { dtype: 'F32', shape: [1], data_offsets: [0, 4], ...change } });
  it.each([
    ['an empty file', new Uint8Array(0)],
    ['a header length beyond the file', file(two, data, 2n ** 63n)],
    ['a header that is no JSON', file('{"a":')],
    ['a header that is a list', file([])],
    ['a hole', file({ a: { dtype: 'U8', shape: [1], data_offsets: [1, 2] } }, [0, 0])],
    ['an unused tail', file(entry({}), [0, 0, 0, 0, 0])],
    ['missing data', file(entry({}), [0, 0, 0])],
    [
      'an overlap',
      file(
        {
          a: { dtype: 'U8', shape: [2], data_offsets: [0, 2] },
          b: { dtype: 'U8', shape: [2], data_offsets: [1, 3] },
        },
        [0, 0, 0],
      ),
    ],
    ['a shape that does not fit', file(entry({ shape: [2] }), [0, 0, 0, 0])],
    ['an overflowing shape', file(entry({ shape: [2 ** 32, 2 ** 32] }), [0, 0, 0, 0])],
    ['a negative extent', file(entry({ shape: [-1] }), [0, 0, 0, 0])],
    ['a fractional extent', file(entry({ shape: [0.5] }), [0, 0, 0, 0])],
    ['an unknown type', file(entry({ dtype: 'toString' }), [0, 0, 0, 0])],
    ['reversed offsets', file(entry({ data_offsets: [4, 0] }), [0, 0, 0, 0])],
    ['a further field', file(entry({ extra: 1 }), [0, 0, 0, 0])],
    ['metadata that is not text', file({ __metadata__: { a: 1 } })],
    ['an entry that is null', file({ a: null })],
    [
      'a name twice',
      file(
        '{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}',
        [0],
      ),
    ],
    ['the name __proto__', file('{"__proto__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', [0])],
    ['bytes that are not UTF-8', Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0x22, 0xff, 0x22)],
    ['nesting', file('['.repeat(100_000))],
  ])('refuses %s', (_name, bytes) => {
    expect(() => readSafetensors(bytes)).toThrow(ModelFormatError);
  });

  it('refuses a header above the limit', () => {
    const bytes = new Uint8Array(27 * 1024 * 1024);
    new DataView(bytes.buffer).setUint32(0, 26 * 1024 * 1024, true);
    expect(() => readSafetensors(bytes)).toThrow(LimitError);
  });

  it('meets every cut and every flipped byte with a typed error or a reading', () => {
    const whole = file(two, data);
    const attempt = (bytes: Uint8Array) => {
      try {
        readSafetensors(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CamError);
      }
    };
    for (let length = 0; length < whole.length; length++) {
      expect(() => readSafetensors(whole.subarray(0, length))).toThrow(CamError);
    }
    for (let at = 0; at < whole.length; at++) {
      for (const flip of [1, 4, 32, 128, 255]) {
        const bytes = whole.slice();
        bytes[at]! ^= flip;
        attempt(bytes);
      }
    }
  });
});
