import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { gradCam, layerCam, type Model, pack, view } from '@hybridcam/core';
import { createOnnxModel } from '@hybridcam/onnx';
import { createTfjsModel } from '@hybridcam/tfjs';
import ort from 'onnxruntime-node';
import { afterAll, describe, expect, it } from 'vitest';
import { parameterShapes, zoo } from '../src/index.ts';
import { loadCheckpoint } from '../src/node.ts';
import { buildOnnx } from '../src/onnx.ts';
import { buildTfjs } from '../src/tfjs.ts';
import { computedInput } from './computed-parameters.ts';
import { difference } from './parity.ts';
import { useBackend } from './run-logits.ts';

/** Set by the hosted job verify-resnet50: it alone may use the network. */
const mayFetch = process.env['HYBRIDCAM_VERIFY_PUBLISHED'] === '1';
const python = process.env['HYBRIDCAM_PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('../../../tooling/reference/zoo/published_logits.py', import.meta.url));

describe.skipIf(!mayFetch)(
  'the published ResNet-50 (needs the network: HYBRIDCAM_VERIFY_PUBLISHED=1)',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-published-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('has the recorded hash and 25 557 032 parameters, and gives torchvision’s logits and maps on both runtimes', async () => {
      const checkpoint = await loadCheckpoint('resnet50');
      expect(checkpoint).toMatchObject({ verified: true, sha256: zoo.resnet50.checkpoint.sha256 });
      const { parameters } = checkpoint;
      let count = 0;
      for (const name of parameterShapes(zoo.resnet50.network()).keys()) {
        const { data } = parameters.get(name)!;
        expect(data.every(Number.isFinite), name).toBe(true);
        if (!name.includes('.running_')) count += data.length;
      }
      expect(count).toBe(25_557_032);

      const expected = torchvisionAnswer(checkpoint.path, path.join(folder, 'answer'));
      const onnx = await createOnnxModel(buildOnnx('resnet50', parameters), { ort, name: 'resnet50' });
      await expectAnswer(onnx, expected);
      await onnx.dispose();
      await useBackend('wasm');
      const source = buildTfjs('resnet50', parameters);
      const tfjs = await createTfjsModel(source);
      await expectAnswer(tfjs, expected);
      await tfjs.dispose();
      source.dispose();
    });
  },
);

/** Logits, then Grad-CAM and LayerCAM of the best class at layer4.2. */
function torchvisionAnswer(checkpoint: string, file: string): Float32Array {
  const { status, stderr } = spawnSync(python, [script, checkpoint, file], { encoding: 'utf8' });
  expect(status, stderr).toBe(0);
  return new Float32Array(new Uint8Array(readFileSync(file)).buffer);
}

async function expectAnswer(model: Model, expected: Float32Array): Promise<void> {
  const logits = expected.subarray(0, 1000);
  const pass = await model.forward(view(computedInput(), [1, 3, 224, 224]), { layers: ['layer4.2'] });
  try {
    expect(difference(pass.logits.data, logits)).toBeLessThan(1e-4);
    const cotangent = new Float32Array(1000);
    cotangent[logits.indexOf(Math.max(...logits))] = 1;
    const gradients = await pass.gradients(['layer4.2'], view(cotangent, [1, 1000]));
    const layer = [pass.activations('layer4.2').pick(0), gradients.get('layer4.2')!.pick(0)] as const;
    expect(difference(pack(gradCam(...layer)), expected.subarray(1000, 1049))).toBeLessThan(1e-4);
    expect(difference(pack(layerCam(...layer)), expected.subarray(1049))).toBeLessThan(1e-4);
  } finally {
    pass.dispose();
  }
}
