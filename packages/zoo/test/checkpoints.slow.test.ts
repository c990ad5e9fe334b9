import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { createOnnxModel } from '@hybridcam/onnx';
import { sharedFolder } from '@hybridcam/test-utils';
import { createTfjsModel } from '@hybridcam/tfjs';
import ort from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../src/node.ts';
import { buildOnnx } from '../src/onnx.ts';
import { buildTfjs } from '../src/tfjs.ts';
import { difference, expectResnet50Parity, resnet50Reference } from './parity.ts';
import { onnxLogits, tfjsLogits, useBackend } from './run-logits.ts';

/** A Python with torch and numpy; HYBRIDCAM_PYTHON names another. */
const python = process.env['HYBRIDCAM_PYTHON'] ?? 'python3';
const hasTorch = spawnSync(python, ['-c', 'import torch, numpy']).status === 0;
const script = fileURLToPath(new URL('../../../tooling/reference/zoo/save_checkpoints.py', import.meta.url));

describe.skipIf(!hasTorch || !sharedFolder())(
  'ResNet-50 from a .pth that PyTorch saved (needs a Python with torch, and ../shared)',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-pth-'));
    const input = resnet50Reference().get('input')!.data;
    beforeAll(() => {
      const source = path.join(folder, 'input');
      writeFileSync(source, input);
      const { status, stderr } = spawnSync(python, [script, source, folder]);
      if (status !== 0) throw new Error(String(stderr));
    }, 600_000);
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it.each(['fp32', 'fp16', 'bf16', 'non-contiguous', 'shared'])(
      '%s: PyTorch’s logits on both runtimes',
      { timeout: 300_000 },
      async (kind) => {
        const { parameters, verified } = await loadCheckpoint('resnet50', {
          weights: path.join(folder, `${kind}.pth`),
        });
        expect(verified).toBe(false);
        const stored = readFileSync(path.join(folder, `${kind}.logits`));
        const expected = new Float32Array(new Uint8Array(stored).buffer);
        expect(difference(await onnxLogits(buildOnnx('resnet50', parameters), input), expected)).toBeLessThan(
          1e-5,
        );
        await useBackend('wasm');
        const model = buildTfjs('resnet50', parameters);
        expect(difference(await tfjsLogits(model, input), expected)).toBeLessThan(1e-5);
        model.dispose();
      },
    );

    it('fp32: the maps of the reference on both runtimes', { timeout: 300_000 }, async () => {
      const { parameters } = await loadCheckpoint('resnet50', { weights: path.join(folder, 'fp32.pth') });
      const onnx = await createOnnxModel(buildOnnx('resnet50', parameters), { ort, name: 'resnet50' });
      await expectResnet50Parity(onnx);
      await onnx.dispose();
      await useBackend('wasm');
      const source = buildTfjs('resnet50', parameters);
      const tfjs = await createTfjsModel(source);
      await expectResnet50Parity(tfjs);
      await tfjs.dispose();
      source.dispose();
    });
  },
);
