import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pack } from '@hybridcam/core';
import { abortAtEveryAwait } from '@hybridcam/test-utils';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { explain } from '../../../packages/hybridcam/src/explain.ts';
import { type LoadedModel, loadModel } from '../../../packages/hybridcam/src/load-model.ts';
import { writeWholeFile } from '../../../packages/hybridcam/src/write-whole-file.ts';
import { runCommand } from '../../../packages/hybridcam/test/run-command.ts';
import {
  TINY_LABELS,
  tinyModel,
  tinyModelWithExternalData,
} from '../../../packages/hybridcam/test/tiny-model.ts';
import { tinyPng } from '../../../packages/hybridcam/test/tiny-picture.ts';
import { writeTinyTfjsModel } from '../../../packages/hybridcam/test/tiny-tfjs-model.ts';
import { countSessions, type SessionCount } from '../src/count-sessions.ts';
import { expectRefusedEverywhere } from '../src/expect-refused-everywhere.ts';

let folder: string;
let count: SessionCount;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-abort-'));
  count = countSessions();
  return () => rmSync(folder, { recursive: true });
});
afterEach(() => count.restore());

const file = (name: string): string => path.join(folder, name);
const preprocessing = { resize: { size: 36 }, crop: { size: 32 } };
const dispose = (model: LoadedModel): Promise<void> => model.dispose();
const digest = ({ identity, layers, labels }: LoadedModel): unknown => ({ identity, layers, labels });

function nothingOpen(): void {
  expect({ sessions: count.sessions, tensors: count.tensors }).toEqual({ sessions: 0, tensors: 0 });
}

/** What TensorFlow.js held when it was asked first, and must hold again. */
function sameTensors(): () => void {
  let before: number | undefined;
  return () => {
    before ??= tf.memory().numTensors;
    expect(tf.memory().numTensors).toBe(before);
  };
}

test('loadModel of an ONNX file with weights and labels beside it', async () => {
  const { model, weights } = tinyModelWithExternalData('weights.bin');
  writeFileSync(file('model.onnx'), model);
  writeFileSync(file('weights.bin'), weights);
  writeFileSync(file('labels.txt'), TINY_LABELS.join('\n'));
  const report = await abortAtEveryAwait(
    (signal) => loadModel(file('model.onnx'), { labels: file('labels.txt'), signal }),
    { digest, release: dispose, check: nothingOpen },
  );
  expectRefusedEverywhere(report);
});

test('loadModel of a model known by name, on ONNX Runtime', async () => {
  const report = await abortAtEveryAwait((signal) => loadModel('scenes', { signal }), {
    digest,
    release: dispose,
    check: nothingOpen,
    most: 25,
  });
  expectRefusedEverywhere(report);
});

test('loadModel of a model known by name, on TensorFlow.js', async () => {
  const report = await abortAtEveryAwait(
    (signal) => loadModel('scenes', { runtime: 'tfjs', device: 'cpu', signal }),
    { digest, release: dispose, check: sameTensors(), most: 25 },
  );
  expectRefusedEverywhere(report);
});

test('loadModel of a model.json', async () => {
  const model = await writeTinyTfjsModel(folder);
  const report = await abortAtEveryAwait((signal) => loadModel(model, { device: 'cpu', signal }), {
    digest,
    release: dispose,
    check: sameTensors(),
    most: 80,
  });
  expectRefusedEverywhere(report);
});

test('explain of a picture in a file', async () => {
  writeFileSync(file('cat.png'), tinyPng());
  const model = await loadModel(tinyModel(), { labels: TINY_LABELS, preprocessing });
  const operation = (signal: AbortSignal) =>
    explain(model, file('cat.png'), { targetLayer: 'first', signal });
  const report = await abortAtEveryAwait(operation, {
    digest: ({ saliencyMap }) => pack(saliencyMap),
    check: () => expect(count.tensors).toBe(0),
  });
  expectRefusedEverywhere(report, 6);
  await model.dispose();
  nothingOpen();
});

test('writeWholeFile: the old file or the new one, and no other', async () => {
  const bytes = new Uint8Array(3_000_000).fill(7);
  const check = (): void => {
    expect(readdirSync(folder)).toEqual(['out.bin']);
    const found = readFileSync(file('out.bin'));
    expect([3, bytes.length]).toContain(found.length);
  };
  const operation = async (signal: AbortSignal): Promise<void> => {
    writeFileSync(file('out.bin'), 'old');
    await writeWholeFile(file('out.bin'), bytes, { signal });
  };
  const report = await abortAtEveryAwait(operation, { check });
  // The renaming, which is whole, and the awaits behind it.
  expectRefusedEverywhere(report, 6);
});

/** A command's rejection is its exit code: 130 and one line. */
async function command(args: readonly string[], signal: AbortSignal): Promise<string> {
  const { code, stdout, stderr } = await runCommand(args, signal);
  if (code === 0) return stdout;
  throw Object.assign(new Error(stderr), { code });
}
const isRefusal = (error: unknown): boolean =>
  (error as { code?: unknown }).code === 130 && /aborted/.test((error as Error).message);

test('hybridcam bake: no file, or a whole one', async () => {
  writeFileSync(file('model.onnx'), tinyModel());
  await runCommand(['bake', file('model.onnx'), '-o', file('whole.onnx')]);
  const whole = readFileSync(file('whole.onnx'));
  const others = readdirSync(folder).sort();
  const report = await abortAtEveryAwait(
    async (signal) => {
      rmSync(file('baked.onnx'), { force: true });
      return command(['bake', file('model.onnx'), '-o', file('baked.onnx')], signal);
    },
    {
      digest: (stdout) => stdout,
      isRefusal,
      check: () => {
        nothingOpen();
        const names = readdirSync(folder).sort();
        if (names.includes('baked.onnx')) expect(readFileSync(file('baked.onnx'))).toEqual(whole);
        expect(names.filter((name) => name !== 'baked.onnx')).toEqual(others);
      },
      most: 25,
    },
  );
  // The renaming of the file, which is whole, and what is said about it.
  expectRefusedEverywhere(report, 16);
});

test('hybridcam explain: whole files only', async () => {
  writeFileSync(file('model.onnx'), tinyModel());
  writeFileSync(file('cat.png'), tinyPng());
  const before = readdirSync(folder).sort();
  const report = await abortAtEveryAwait(
    async (signal) => {
      rmSync(file('out'), { recursive: true, force: true });
      return command(
        ['explain', file('cat.png'), '--model', file('model.onnx'), '--out', file('out')],
        signal,
      );
    },
    {
      isRefusal,
      check: () => {
        nothingOpen();
        const names = readdirSync(folder, { recursive: true }).map(String);
        expect(names.filter((name) => /\.part$|\.lock$|\.tmp$/.test(name))).toEqual([]);
        expect(names.filter((name) => !name.startsWith('out')).sort()).toEqual(before);
        for (const name of names.filter((name) => name.endsWith('.png') && name.startsWith('out')))
          expect(readFileSync(file(name)).subarray(-8).toString('latin1')).toContain('IEND');
      },
      most: 40,
    },
  );
  // Once the first file of a picture is written, its others are too.
  expectRefusedEverywhere(report, 110);
});
