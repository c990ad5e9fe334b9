import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readCheckpoint } from '../../src/index.ts';
import { joined, storedZip } from '../stored-zip.ts';
import { flips, safetensors, survives, truncations } from './abuse.ts';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const entry = (name: string, change: object = {}) => ({
  [name]: { dtype: 'F32', shape: [2], data_offsets: [0, 8], ...change },
});
const valid = safetensors(
  {
    __metadata__: { format: 'pt' },
    first: { dtype: 'F32', shape: [2, 3], data_offsets: [0, 24] },
    second: { dtype: 'F16', shape: [4], data_offsets: [24, 32] },
    third: { dtype: 'BF16', shape: [2], data_offsets: [32, 36] },
    count: { dtype: 'I64', shape: [], data_offsets: [36, 44] },
  },
  Array.from({ length: 44 }, (_, i) => (i * 7) % 61),
);
const ascii = (text: string) => [...new TextEncoder().encode(text)];
const archive = (pickle: number[] | Uint8Array) => storedZip({ 'a/data.pkl': Uint8Array.from(pickle) });
const repeat = (count: number, ...bytes: number[]) =>
  Uint8Array.from({ length: count * bytes.length }, (_, i) => bytes[i % bytes.length]!);
/** Protocol 2, the body, STOP. */
const pickle = (...parts: (Uint8Array | number[])[]) =>
  archive(joined([[0x80, 2], ...parts, [0x2e]].map((part) => Uint8Array.from(part))));
const utf8 = (text: string) => [0x58, text.length, 0, 0, 0, ...ascii(text)];

describe('readCheckpoint on damaged files', () => {
  it('answers every beginning of a .pth and of a safetensors file with a typed error', () => {
    truncations(fixture('tensors.pth'), 3);
    truncations(valid);
  });

  it('answers thousands of byte flips with a typed error or with tensors', () => {
    const torch = flips(fixture('wrapped.pth'), 1500, 1);
    const safe = flips(valid, 10_000, 2);
    // Both happen, or the flips would test nothing.
    for (const answers of [torch, safe]) {
      expect(answers.read).toBeGreaterThan(0);
      expect(answers.refused).toBeGreaterThan(0);
    }
  });
});

describe('readCheckpoint on hostile safetensors', () => {
  it.each([-1n, 0n, 7n, 2n ** 31n - 1n, 2n ** 32n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])(
    'a header length of %s is refused',
    (length) => {
      expect(survives(safetensors(entry('a'), new Array(8).fill(0), length), `length ${length}`)).toBe(
        'refused',
      );
    },
  );

  const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);
  it.each<[string, unknown, number]>([
    ['overlapping tensors', { ...entry('a'), ...entry('b', { data_offsets: [4, 12] }) }, 12],
    ['a hole', { ...entry('a'), ...entry('b', { data_offsets: [12, 20] }) }, 20],
    ['an unused tail', entry('a'), 12],
    ['data beyond the end', entry('a'), 4],
    ['a shape of 2^64 elements', entry('a', { shape: [2 ** 32, 2 ** 32] }), 8],
    ['a negative extent', entry('a', { shape: [-2, -1] }), 8],
    ['a fractional extent', entry('a', { shape: [1.5] }), 8],
    ['a shape of text', entry('a', { shape: ['2'] }), 8],
    ['offsets in reverse', entry('a', { data_offsets: [8, 0] }), 8],
    ['an unknown type', entry('a', { dtype: 'F128' }), 8],
    ['a type of Object.prototype', entry('a', { dtype: 'constructor' }), 8],
    ['the name __proto__', '{"__proto__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}', 8],
    [
      'a name twice',
      '{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}',
      8,
    ],
    ['a list as header', '{"a":[', 8],
    ['a number as tensor', { a: 5 }, 0],
    [
      'a shape nested 100 000 deep',
      `{"a":{"dtype":"F32","shape":${deep('[', ']')},"data_offsets":[0,8]}}`,
      8,
    ],
    ['a type nested 100 000 deep', `{"a":{"dtype":${deep('[', ']')},"shape":[2],"data_offsets":[0,8]}}`, 8],
    ['a tensor nested 100 000 deep', `{"a":${deep('[', ']')}}`, 8],
    ['offsets of a million numbers', entry('a', { data_offsets: new Array(1e6).fill(1) }), 8],
    ['a name of a million letters', entry('n'.repeat(1e6), { shape: [3] }), 8],
  ])('%s: refused in a message of some lines', (what, header, dataBytes) => {
    expect(survives(safetensors(header, new Array(dataBytes).fill(0)), what)).toBe('refused');
  });

  it('reads tensors that bear names of Object.prototype, and leaves that alone', () => {
    const names = ['constructor', 'toString', 'hasOwnProperty'];
    for (const name of names) {
      const parameters = readCheckpoint(safetensors(entry(name), new Array(8).fill(0)));
      expect([...parameters.keys()]).toEqual([name]);
    }
    expect(({} as Record<string, unknown>)['shape']).toBeUndefined();
  });
});

describe('readCheckpoint on hostile pickles', () => {
  it.each<[string, Uint8Array]>([
    ['os.system by STACK_GLOBAL', pickle(utf8('os'), utf8('system'), [0x93], utf8('id'), [0x85, 0x52])],
    [
      'a chain of __reduce__',
      pickle(ascii('cbuiltins\ngetattr\n'), ascii('cbuiltins\n__import__\n'), utf8('os'), [0x85, 0x52]),
    ],
    ['OrderedDict called with a list', pickle(ascii('ccollections\nOrderedDict\n'), [0x5d, 0x85, 0x52])],
    ['a storage type called', pickle(ascii('ctorch\nFloatStorage\n'), [0x29, 0x52])],
    [
      'a global that extends an allowed one',
      pickle(ascii('ctorch._utils\n_rebuild_tensor_v2.__globals__\n')),
    ],
    ['BUILD of a tuple', pickle([0x29, 0x7d, 0x62])],
    ['no STOP', archive([0x80, 2, 0x7d])],
    ['STOP on an empty stack', archive([0x80, 2, 0x2e])],
    ['a mark without an end', pickle([0x28])],
    ['TUPLE without a mark', pickle([0x74])],
    ['a memo that was never set', pickle([0x68, 9])],
    ['protocol 0', archive(ascii('(dp0\n.'))],
    ['protocol 1', archive([0x7d, 0x71, 0, 0x2e])],
    ['protocol 6', archive([0x80, 6, 0x7d, 0x2e])],
    ['a second pickle behind the first', archive([0x80, 2, 0x7d, 0x2e, 0x80, 2, 0x7d, 0x2e])],
    ['text of 2^32 − 1 bytes', pickle([0x58, 255, 255, 255, 255])],
    ['an integer of 255 bytes', pickle([0x8a, 255, ...new Array(255).fill(0x7f)])],
    ['a global name without an end', pickle([0x63, ...new Array(5000).fill(0x61)])],
    ['text that is not UTF-8', pickle([0x58, 2, 0, 0, 0, 0xff, 0xfe])],
    ['a dict in itself', pickle([0x7d, 0x71, 0], utf8('k'), [0x68, 0, 0x73])],
    ['100 000 nested tuples', pickle([0x29], repeat(100_000, 0x85))],
    ['100 000 nested dicts', pickle(repeat(100_000, 0x7d))],
    ['a million dicts', pickle([0x28], repeat(1_000_000, 0x7d))],
    ['a million memo entries', pickle([0x4e], repeat(1_000_000, 0x94))],
    ['ten million operations', pickle(repeat(5_000_000, 0x4e, 0x94))],
  ])('%s: refused', (what, bytes) => {
    expect(survives(bytes, what)).toBe('refused');
  });
});

describe('readCheckpoint on hostile archives', () => {
  const good = Uint8Array.from([0x80, 2, 0x7d, 0x2e]);
  const zip64 = (count: bigint, offset: bigint, locator: bigint) => {
    const file = storedZip({ 'a/data.pkl': good });
    const end = file.length - 22;
    const record = new Uint8Array(56 + 20 + 22);
    const data = new DataView(record.buffer);
    data.setUint32(0, 0x06064b50, true);
    data.setBigUint64(32, count, true);
    data.setBigUint64(48, offset, true);
    data.setUint32(56, 0x07064b50, true);
    data.setBigUint64(64, locator, true);
    data.setUint32(76, 0x06054b50, true);
    data.setUint16(76 + 10, 0xffff, true);
    data.setUint32(76 + 16, 0xffffffff, true);
    return Uint8Array.from([...file.subarray(0, end), ...record]);
  };

  it.each<[string, Uint8Array]>([
    ['a zip64 directory beyond the end', zip64(1n, 2n ** 40n, 48n)],
    ['a zip64 offset of 2^63', zip64(1n, 2n ** 63n, 48n)],
    ['a zip64 locator that points nowhere', zip64(1n, 0n, 2n ** 63n)],
    ['2^50 zip64 entries', zip64(2n ** 50n, 0n, 48n)],
    ['two entries of one name', duplicated()],
    ['no entries', storedZip({})],
    ['an empty pickle', storedZip({ 'a/data.pkl': new Uint8Array() })],
    ['two pickles', storedZip({ 'a/data.pkl': good, 'b/data.pkl': good })],
    ['a name with a NUL', storedZip({ 'a/data.pkl\0.txt': good })],
    ['a name with a backslash', storedZip({ 'a\\data.pkl': good })],
    ['a Windows drive', storedZip({ 'C:/data.pkl': good })],
    ['big-endian storages', storedZip({ 'a/data.pkl': good, 'a/byteorder': Uint8Array.from(ascii('big')) })],
  ])('%s: refused', (what, bytes) => {
    expect(survives(bytes, what)).toBe('refused');
  });

  function duplicated(): Uint8Array {
    const bytes = storedZip({ 'a/data.pkl': good, 'b/data.pkl': good });
    for (let i = 0; i + 10 < bytes.length; i++) {
      if (bytes[i] === 0x62 && bytes[i + 1] === 0x2f && bytes[i + 2] === 0x64) bytes[i] = 0x61;
    }
    return bytes;
  }
});

describe('readCheckpoint says what other files are', () => {
  it.each<[string, number[], string]>([
    [
      'PyTorch before 1.6',
      [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e],
      'Save it again: torch.save(',
    ],
    ['a bare pickle', [0x80, 0x04, 0x95, 0x2e], 'a bare pickle'],
    ['PyTorch 0.1', [...new Array(257).fill(0), ...ascii('ustar'), 0, 0], 'tar archive'],
    ['HDF5', [0x89, ...ascii('HDF\r\n\x1a\n')], 'HDF5'],
    ['gzip', [0x1f, 0x8b, 8, 0], 'gzip'],
    ['a Git LFS pointer', ascii('version https://git-lfs.github.com/spec/v1\n'), 'git lfs pull'],
    ['a web page', ascii('<!doctype html>'), 'web page'],
    ['nothing', [], 'received 0 bytes'],
    ['anything', ascii('hello world, this is no checkpoint'), 'begin like neither'],
  ])('%s', (_, bytes, text) => {
    expect(() => readCheckpoint(Uint8Array.from(bytes), 'file.pth')).toThrow(text);
    expect(() => readCheckpoint(Uint8Array.from(bytes), 'file.pth')).toThrow(/^file\.pth: /);
  });

  it('a TorchScript archive, which holds code', () => {
    const script = storedZip({
      'm/code/__torch__.py': new Uint8Array(3),
      'm/constants.pkl': new Uint8Array(3),
      'm/data.pkl': new Uint8Array(3),
    });
    expect(() => readCheckpoint(script)).toThrow('TorchScript');
  });
});
