import { readFileSync } from 'node:fs';
import { CamError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { readTorchCheckpoint } from '../../src/index.ts';
import { storedZip } from '../stored-zip.ts';
import { tensorPickle } from './tensor-pickle.ts';

const fixture = (name: string) =>
  new Uint8Array(readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
const expected = JSON.parse(new TextDecoder().decode(fixture('tensors.json')));

/** A pickle (protocol 2) wrapped as PyTorch's archive. */
const archive = (pickle: number[] | Uint8Array, extra: Record<string, Uint8Array> = {}) =>
  storedZip({ 'a/data.pkl': Uint8Array.from(pickle), ...extra });
const ascii = (text: string) => [...new TextEncoder().encode(text)];

describe('readTorchCheckpoint', () => {
  it.each(['tensors.pth', 'wrapped.pth'])(
    'reads %s: every dtype, shared, transposed and expanded storages',
    (name) => {
      const parameters = readTorchCheckpoint(fixture(name));
      expect([...parameters.keys()]).toEqual(Object.keys(expected.tensors));
      for (const [key, { shape, data }] of Object.entries<{ shape: number[]; data: number[] }>(
        expected.tensors,
      )) {
        expect(parameters.get(key)!.shape, key).toEqual(shape);
        expect([...parameters.get(key)!.data], key).toEqual(data);
      }
    },
  );

  it('reads the state dict of a module, whose OrderedDict carries metadata', () => {
    const shapes = Object.fromEntries(
      [...readTorchCheckpoint(fixture('module.pth'))].map(([k, p]) => [k, p.shape]),
    );
    expect(shapes).toEqual(expected.module);
  });

  it('runs nothing: os.system, builtins.eval and unknown torch names are refused by name', () => {
    for (const global of ['os\nsystem', 'builtins\neval', 'torch\nload', 'torch.nn.modules.linear\nLinear']) {
      const attack = [
        0x80,
        2,
        0x63,
        ...ascii(`${global}\n`),
        0x58,
        2,
        0,
        0,
        0,
        ...ascii('id'),
        0x85,
        0x52,
        0x2e,
      ];
      expect(() => readTorchCheckpoint(archive(attack))).toThrow(
        `refused the global "${global.replace('\n', ' ')}"`,
      );
    }
  });

  it('refuses opcodes that could build objects, and a second pickle after the first', () => {
    for (const opcode of ['i', 'o', '\x81', '\x92', '\x82', 'P', 'S', 'I', 'p', 'g', '0', '2']) {
      expect(() => readTorchCheckpoint(archive([0x80, 2, opcode.charCodeAt(0), 0x2e]))).toThrow(
        'refused opcode',
      );
    }
    expect(() => readTorchCheckpoint(archive([0x80, 2, 0x7d, 0x2e, 0x7d, 0x2e]))).toThrow('bytes after STOP');
  });

  it('refuses a tensor that reaches beyond its storage, and one inflated by zero strides', () => {
    const tensor = (shape: number[], stride: number[]) => tensorPickle('Float', shape, stride, 2);
    const data = { 'a/data/0': new Uint8Array(8) };
    expect(readTorchCheckpoint(archive(tensor([2], [1]), data)).get('w')!.shape).toEqual([2]);
    expect(() => readTorchCheckpoint(archive(tensor([3], [1]), data))).toThrow(
      'reaches element 2 of a storage of 2',
    );
    expect(() => readTorchCheckpoint(archive(tensor([1 << 20, 1 << 20], [0, 0]), data))).toThrow(
      'more than the file has bytes',
    );
    expect(() => readTorchCheckpoint(archive(tensor([8, 16], [0, 0]), data))).toThrow('repeat the elements');
    expect([...readTorchCheckpoint(archive(tensor([2, 2], [0, 1]), data)).get('w')!.data]).toEqual([
      0, 0, 0, 0,
    ]);
    expect(() => readTorchCheckpoint(archive(tensor([2], [1])))).toThrow('no such entry');
  });

  it('says of files that are no zip, and of an older PyTorch format, what they are not', () => {
    expect(() => readTorchCheckpoint(new Uint8Array())).toThrow(CamError);
    expect(() => readTorchCheckpoint(Uint8Array.from([0x80, 2, 0x8a, 10]))).toThrow('truncated or not a zip');
    expect(() => readTorchCheckpoint(storedZip({ 'word/document.xml': new Uint8Array(3) }))).toThrow(
      'not a PyTorch checkpoint',
    );
  });

  it('answers every truncation and 3000 random byte flips with a typed error or the tensors', () => {
    const bytes = fixture('tensors.pth');
    const check = (mutated: Uint8Array) => {
      try {
        readTorchCheckpoint(mutated);
      } catch (error) {
        expect(error).toBeInstanceOf(CamError);
      }
    };
    for (let length = 0; length < bytes.length; length += 7) check(bytes.subarray(0, length));
    let seed = 12345;
    const random = () => {
      seed = (Math.imul(seed, 1103515245) + 12345) >>> 0;
      return seed / 2 ** 32;
    };
    for (let i = 0; i < 3000; i++) {
      const mutated = bytes.slice();
      for (let flips = 0; flips < 1 + (i % 3); flips++)
        mutated[Math.floor(random() * mutated.length)] = Math.floor(random() * 256);
      check(mutated);
    }
  });
});

describe('the zip reader', () => {
  it('refuses compression, encryption, bad names and disagreement between directory and header', () => {
    const pickle = Uint8Array.from([0x80, 2, 0x7d, 0x2e]);
    const entries = { 'a/data.pkl': pickle };
    const patch = (at: number, ...values: number[]) => {
      const bytes = storedZip(entries);
      bytes.set(values, at);
      return () => readTorchCheckpoint(bytes);
    };
    const directory = 30 + 10 + 4;
    expect(patch(directory + 10, 8)).toThrow('is compressed');
    expect(patch(8, 8)).toThrow('compressed in its header');
    expect(patch(directory + 8, 1)).toThrow('is encrypted');
    expect(patch(30, 'b'.charCodeAt(0))).toThrow('another name in its local header');
    expect(() => readTorchCheckpoint(storedZip({ 'a/../data.pkl': pickle }))).toThrow(
      'not a plain relative path',
    );
    expect(() => readTorchCheckpoint(storedZip({ '/data.pkl': pickle }))).toThrow(
      'not a plain relative path',
    );
  });
});
