import { readFileSync } from 'node:fs';
import { ModelFormatError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/index.ts';
import { safetensors } from './abuse.ts';

/** Float32 1.5; halves 1 and −2; bfloat16 1; int64 7; padded to whole header lengths by the caller. */
const data = [0, 0, 192, 63, 0, 60, 0, 192, 128, 63, 7, 0, 0, 0, 0, 0, 0, 0];
const header = {
  single: { dtype: 'F32', shape: [1, 1], data_offsets: [0, 4] },
  half: { dtype: 'F16', shape: [2], data_offsets: [4, 8] },
  brain: { dtype: 'BF16', shape: [1], data_offsets: [8, 10] },
  count: { dtype: 'I64', shape: [], data_offsets: [10, 18] },
};

describe('readCheckpoint', () => {
  it('reads safetensors of every float type and counters, at any alignment', () => {
    for (let padding = 0; padding < 4; padding++) {
      const parameters = readCheckpoint(safetensors(JSON.stringify(header) + ' '.repeat(padding), data));
      expect([...parameters].map(([name, { shape, data }]) => [name, shape, [...data]])).toEqual([
        ['single', [1, 1], [1.5]],
        ['half', [2], [1, -2]],
        ['brain', [1], [1]],
        ['count', [], [7]],
      ]);
    }
  });

  it('reads every integer type to its ends, and a Node Buffer as any bytes', () => {
    const types = {
      BOOL: [Uint8Array, [0, 1]],
      U8: [Uint8Array, [0, 255]],
      I8: [Int8Array, [-128, 127]],
      U16: [Uint16Array, [0, 65535]],
      I16: [Int16Array, [-32768, 32767]],
      U32: [Uint32Array, [1, 2 ** 32 - 256]],
      I32: [Int32Array, [-(2 ** 31), 2 ** 24 + 2]],
      U64: [BigUint64Array, [1n, 2n ** 64n - 2n ** 40n]],
      I64: [BigInt64Array, [-(2n ** 63n), 2n ** 53n + 2n ** 40n, -1n]],
      F64: [Float64Array, [-0.5, 1e30]],
    } as const;
    for (const [dtype, [Type, values]] of Object.entries(types)) {
      const array = new (Type as Float64ArrayConstructor)(values as readonly number[]);
      const bytes = new Uint8Array(array.buffer);
      for (let padding = 0; padding < 2; padding++) {
        const text = JSON.stringify({
          a: { dtype, shape: [values.length], data_offsets: [0, bytes.length] },
        });
        const file = safetensors(text + ' '.repeat(padding), bytes);
        const expected = Array.from<number | bigint, number>(values, (value) => Math.fround(Number(value)));
        expect([...readCheckpoint(file).get('a')!.data], dtype).toEqual(expected);
        expect([...readCheckpoint(Buffer.from(file)).get('a')!.data], dtype).toEqual(expected);
      }
    }
  });

  it('tells a .pth by its bytes, whatever its name is', () => {
    const bytes = new Uint8Array(readFileSync(new URL('../fixtures/module.pth', import.meta.url)));
    expect([...readCheckpoint(bytes, 'weights.safetensors').keys()]).toContain('0.weight');
  });

  it('does not hold float32 twice: aligned tensors are views of the file', () => {
    const text = JSON.stringify({ a: { dtype: 'F32', shape: [2], data_offsets: [0, 8] } });
    const file = safetensors(text.padEnd(Math.ceil(text.length / 8) * 8), new Array(8).fill(0));
    expect(readCheckpoint(file).get('a')!.data.buffer).toBe(file.buffer);
  });

  it('names the file in errors of either format', () => {
    const broken = safetensors(header, data.slice(1));
    expect(() => readCheckpoint(broken, 'mine.safetensors')).toThrow(ModelFormatError);
    expect(() => readCheckpoint(broken, 'mine.safetensors')).toThrow(/^mine\.safetensors: /);
  });
});
