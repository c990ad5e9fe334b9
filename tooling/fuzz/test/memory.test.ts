// Memory of the parsers on files of two megabytes and more, whole and mutated; parsers.test.ts has small files, beside which any
// allowance would be large.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import { indexGraph, readOnnx, tensorFloats, writeModel } from '@hybridcam/onnx';
import { readSafetensors, tensorToFloat32 } from '@hybridcam/scenes';
import { readCheckpoint } from '@hybridcam/zoo';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { manifestPaths } from '../../../apps/bench/src/images/manifest-paths.ts';
import { readRecords } from '../../../apps/bench/src/records/read-records.ts';
import { type MetricRecord, RECORD_VERSION } from '../../../apps/bench/src/records/record.ts';
import { parseLabels } from '../../../packages/hybridcam/src/labels.ts';
import { randomFloats } from '../../../packages/onnx/test/toy-model.ts';
import { tensorPickle } from '../../../packages/zoo/test/checkpoint/tensor-pickle.ts';
import { storedZip } from '../../../packages/zoo/test/stored-zip.ts';
import { measureMemory } from '../src/measure-memory.ts';

const CASES = Number(process.env['FUZZ_MEMORY_CASES'] ?? 6);
const SEED = Number(process.env['FUZZ_SEED'] ?? 1);
const SLACK = 2 ** 18;
const ELEMENTS = 2 ** 19;
const floats = randomFloats(1, ELEMENTS);
const ascii = (text: string): Uint8Array => new TextEncoder().encode(text);
const lines = (count: number, line: (i: number) => string): Uint8Array =>
  ascii(Array.from({ length: count }, (_, i) => `${line(i)}\n`).join(''));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-memory-'));
});
afterAll(() => rmSync(folder, { recursive: true }));
const written = (name: string, bytes: Uint8Array): string => {
  const file = path.join(folder, name);
  writeFileSync(file, bytes);
  return file;
};

/** Two tensors of half the elements each. */
function largeSafetensors(): Uint8Array {
  const half = floats.byteLength / 2;
  const tensor = (start: number) => ({
    dtype: 'F32',
    shape: [ELEMENTS / 2],
    data_offsets: [start, start + half],
  });
  const header = ascii(JSON.stringify({ a: tensor(0), b: tensor(half) }).padEnd(256));
  const file = new Uint8Array(8 + header.length + floats.byteLength);
  new DataView(file.buffer).setUint32(0, header.length, true);
  file.set(header, 8);
  file.set(new Uint8Array(floats.buffer), 8 + header.length);
  return file;
}

function largeOnnx(): Uint8Array {
  return writeModel({
    opsets: { '': 13 },
    graph: {
      nodes: [{ opType: 'Add', inputs: ['x', 'w'], outputs: ['y'] }],
      initializers: [{ name: 'w', dims: [ELEMENTS], dataType: 'float32', data: floats }],
      inputs: [{ name: 'x', dataType: 'float32', shape: [ELEMENTS] }],
      outputs: [{ name: 'y', dataType: 'float32', shape: [ELEMENTS] }],
    },
  });
}

function largePth(): Uint8Array {
  return storedZip({
    'a/data.pkl': Uint8Array.from(tensorPickle('Float', [ELEMENTS], [1], ELEMENTS)),
    'a/data/0': new Uint8Array(floats.buffer),
  });
}

/** As the bench writes them, an image each. */
function toyRecord(i: number): MetricRecord {
  const noise = i * 1e-7 + 1e-9 / 3;
  return {
    v: RECORD_VERSION,
    key: (i * 7919).toString(16).padStart(20, '0'),
    image: `photographs/cat-${i}.jpg`,
    sha256: String(i).padStart(64, 'a'),
    class: 281,
    p: 0.9 + noise,
    method: 'hybrid',
    params: { alpha: 0.7 },
    layer: 'layer4.1',
    metric: 'insertion',
    preset: 'rise',
    value: 0.8 + noise,
    f0: 0.1 + noise,
    f1: 0.9 + noise,
    normalized: 0.7 + noise,
    ties: 0.5 + noise,
    flags: ['many-ties', 'leaky-baseline'],
  };
}

interface Parser {
  readonly name: string;
  readonly valid: () => Uint8Array;
  readonly parse: (bytes: Uint8Array) => unknown;
  /**
   * Two for what is numbers or records. More where many short texts are asked for: each string takes 24 bytes beside its characters, each
   * object and array some eight for each thing in it. These limits are what answers take, and a little.
   */
  readonly times: number;
}

const parsers: readonly Parser[] = [
  {
    name: 'ONNX',
    valid: largeOnnx,
    parse: (bytes) =>
      [...indexGraph(readOnnx(bytes)).initializers.values()].map((tensor) => tensorFloats(tensor)),
    times: 2,
  },
  {
    name: 'safetensors of a checkpoint',
    valid: largeSafetensors,
    parse: (bytes) => readCheckpoint(bytes, 'large.safetensors'),
    times: 2,
  },
  {
    name: 'safetensors of the scenes network',
    valid: largeSafetensors,
    parse: (bytes) => [...readSafetensors(bytes).tensors.values()].map(tensorToFloat32),
    times: 2,
  },
  { name: '.pth', valid: largePth, parse: (bytes) => readCheckpoint(bytes, 'large.pth'), times: 2 },
  {
    name: 'labels',
    valid: () => lines(150_000, (i) => `label ${i}`),
    parse: (bytes) => parseLabels(bytes, 'labels.txt'),
    times: 3.75,
  },
  {
    name: 'labels of more words',
    valid: () => lines(75_000, (i) => `label ${i}, ${'or more'.repeat(i % 3)}`),
    parse: (bytes) => parseLabels(bytes, 'labels.txt'),
    times: 2.5,
  },
  {
    name: 'labels as a JSON array',
    valid: () => ascii(JSON.stringify(Array.from({ length: 150_000 }, (_, i) => `label ${i}`))),
    parse: (bytes) => parseLabels(bytes, 'labels.json'),
    times: 3.5,
  },
  {
    name: 'labels as a JSON object',
    valid: () => ascii(JSON.stringify({ ...Array.from({ length: 100_000 }, (_, i) => `label ${i}`) })),
    parse: (bytes) => parseLabels(bytes, 'labels.json'),
    times: 2,
  },
  {
    name: 'manifest of images',
    valid: () => lines(30_000, (i) => `{"file": "cat-${i}.jpg", "box": [1, 2, 30, 40], "class": 3}`),
    parse: (bytes) => manifestPaths(written('manifest.jsonl', bytes)),
    times: 4,
  },
  {
    name: 'records of a run',
    valid: () => lines(8000, (i) => JSON.stringify(toyRecord(i))),
    parse: (bytes) => {
      written('records.jsonl', bytes);
      return readRecords(folder);
    },
    times: 2,
  },
];

describe('a large file takes no more memory than its share', () => {
  test.each(parsers)('$name', async ({ name, valid, parse, times }) => {
    const file = valid();
    expect(file.length).toBeGreaterThan(1.5e6);
    const used = await measureMemory({ valid: [file], parse, cases: CASES, seed: SEED, times, slack: SLACK });
    console.log(`${name}: ${JSON.stringify(used)}`);
    expect(used.read).toBeGreaterThan(0);
  });
});

describe('the measure itself', () => {
  const valid = [new Uint8Array(2 ** 20)];
  const used = (parse: (bytes: Uint8Array) => unknown) =>
    measureMemory({ valid, parse, cases: 3, seed: 1, times: 2, slack: SLACK });

  test.each([
    ['buffers', ({ length }: Uint8Array) => new Uint8Array(3 * length)],
    ['objects', ({ length }: Uint8Array) => Array.from({ length: length / 4 }, (_, i) => ({ i }))],
    ['a text', (bytes: Uint8Array) => Array.from(bytes, (byte) => `${byte}${byte}`).join()],
    [
      'buffers that are dropped again',
      ({ length }: Uint8Array) => {
        for (let i = 0; i < 4; i++) new Uint8Array(length).fill(1);
      },
    ],
  ])('sees %s', async (_, parse) => {
    await expect(used(parse)).rejects.toThrow(/bytes of memory/);
  });

  test('sees what is alive beside the answer, and gone with it', async () => {
    const text = ascii('x'.repeat(2 ** 20));
    const parsing = measureMemory({
      valid: [text],
      parse: (bytes) => {
        const texts = Array.from({ length: 4 }, () => new TextDecoder().decode(bytes));
        return texts.join('').length;
      },
      cases: 0,
      seed: 1,
      times: 2,
      slack: SLACK,
    });
    await expect(parsing).rejects.toThrow(/bytes of memory beside the answer/);
  });

  test('passes what keeps to its share, and refusals', async () => {
    const outcome = await used((bytes) => {
      if (bytes !== valid[0]) throw new OptionError('x');
      return bytes.slice();
    });
    expect(outcome).toMatchObject({ read: 1, refused: 3 });
    expect(outcome.most).toBeGreaterThan(0.99);
    expect(outcome.most).toBeLessThan(1.3);
  });
});
