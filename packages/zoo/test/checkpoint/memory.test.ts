import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleScript } from '../bundle-script.ts';
import { storedZip } from '../stored-zip.ts';
import { safetensors } from './abuse.ts';
import { tensorPickle } from './tensor-pickle.ts';

const MB = 2 ** 20;
const FILE = 64 * MB;
/** What Node's own heap may grow by meanwhile: code that is compiled, a young generation, the table of halves. */
const SLACK = 16 * MB;

interface Taken {
  readonly read: number;
  readonly data?: number;
  readonly sum?: number;
  readonly refused?: string;
}

let folder: string;
let script: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-memory-'));
  script = await bundleScript(path.join(import.meta.dirname, 'read-child.ts'), folder);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** In a process of its own: what this one has used before would hide what is needed. */
function taken(bytes: Uint8Array): Taken {
  const file = path.join(folder, 'checkpoint');
  writeFileSync(file, bytes);
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', script, file], { encoding: 'utf8' });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Taken;
}

/** One tensor of 64 MB, all of whose bytes are 1; `padding` shifts it. */
function oneTensor(dtype: string, elements: number, padding = 0): Uint8Array {
  const text = JSON.stringify({ a: { dtype, shape: [elements], data_offsets: [0, FILE] } });
  const header = text.padEnd(8 * Math.ceil(text.length / 8) + padding);
  return safetensors(header, new Uint8Array(FILE).fill(1));
}

const torch = (storageType: string, shape: number[], stride: number[], storageElements: number): Uint8Array =>
  storedZip({
    'a/data.pkl': Uint8Array.from(tensorPickle(storageType, shape, stride, storageElements)),
    'a/data/0': new Uint8Array(FILE).fill(1),
  });

describe('a checkpoint of 64 MB takes no more than itself to read, and a tensor no more than its float32', () => {
  it.each<[string, () => Uint8Array, number]>([
    ['F32', () => oneTensor('F32', FILE / 4), 0],
    ['F32, not aligned', () => oneTensor('F32', FILE / 4, 1), FILE],
    ['F16', () => oneTensor('F16', FILE / 2), 2 * FILE],
    ['BF16, not aligned', () => oneTensor('BF16', FILE / 2, 1), 2 * FILE],
    ['F64', () => oneTensor('F64', FILE / 8), FILE / 2],
    ['I64', () => oneTensor('I64', FILE / 8), FILE / 2],
    ['I32', () => oneTensor('I32', FILE / 4), FILE],
    ['I16', () => oneTensor('I16', FILE / 2), 2 * FILE],
    ['I8', () => oneTensor('I8', FILE), 4 * FILE],
    ['.pth of floats', () => torch('Float', [FILE / 4], [1], FILE / 4), FILE],
    ['.pth of bytes', () => torch('Byte', [FILE], [1], FILE), 4 * FILE],
    ['.pth of transposed halves', () => torch('Half', [4096, 8192], [1, 4096], FILE / 2), 2 * FILE],
    ['.pth of one row repeated', () => torch('Byte', [16, 1024, 1024], [0, 1024, 1], FILE), 16 * 4 * MB],
  ])('%s', { timeout: 60_000 }, (_, file, float32) => {
    const { read, data, refused } = taken(file());
    expect(refused).toBeUndefined();
    expect(read).toBeLessThan(SLACK);
    expect(data).toBeLessThan(float32 + SLACK);
  });

  it('64 tensors of halves, read one after the other: none is kept', {
    timeout: 60_000,
  }, () => {
    const header = Object.fromEntries(
      Array.from({ length: 64 }, (_, i) => [
        `t${i}`,
        { dtype: 'F16', shape: [MB / 2], data_offsets: [i * MB, (i + 1) * MB] },
      ]),
    );
    expect(taken(safetensors(header, new Uint8Array(FILE).fill(1))).data).toBeLessThan(SLACK);
  });
});

describe('a hostile checkpoint is refused before it takes more than twice itself and 32 MB', () => {
  const repeat = (count: number, ...bytes: number[]) =>
    Uint8Array.from({ length: count * bytes.length }, (_, i) => bytes[i % bytes.length]!);
  const pickle = (body: Uint8Array) => storedZip({ 'a/data.pkl': Uint8Array.from([0x80, 2, ...body, 0x2e]) });

  it.each<[string, () => Uint8Array]>([
    ['one byte repeated by a stride of zero', () => torch('Byte', [FILE / 2, 4], [0, 0], FILE)],
    ['a million dicts', () => pickle(repeat(1_000_000, 0x7d))],
    ['ten million operations', () => pickle(repeat(5_000_000, 0x4e, 0x94))],
    ['two million strings', () => pickle(repeat(2_000_000, 0x8c, 0))],
  ])('%s', { timeout: 60_000 }, (_, make) => {
    const file = make();
    const { read, refused } = taken(file);
    expect(refused).toMatch(/LIMIT|FORMAT/);
    expect(read).toBeLessThan(2 * file.length + 2 * SLACK);
  });
});
