import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { parameterShapes, zoo } from '../src/index.ts';
import { loadCheckpoint } from '../src/node.ts';
import { buildOnnx } from '../src/onnx.ts';
import { buildTfjs } from '../src/tfjs.ts';
import { computedInput } from './computed-parameters.ts';
import { difference } from './parity.ts';
import { onnxLogits, tfjsLogits, useBackend } from './run-logits.ts';

/** Set by the hosted job verify-resnet50: it alone may use the network. */
const mayFetch = process.env['HYBRIDCAM_VERIFY_PUBLISHED'] === '1';
const python = process.env['HYBRIDCAM_PYTHON'] ?? 'python3';
const script = fileURLToPath(new URL('../../../tooling/reference/zoo/published_logits.py', import.meta.url));

describe.skipIf(!mayFetch)(
  'the published ResNet-50 (needs the network: HYBRIDCAM_VERIFY_PUBLISHED=1)',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-published-'));
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    it('has the recorded hash and 25 557 032 parameters, and gives torchvision’s logits on both runtimes', async () => {
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

      const file = path.join(folder, 'logits');
      const { status, stderr } = spawnSync(python, [script, checkpoint.path, file], { encoding: 'utf8' });
      expect(status, stderr).toBe(0);
      const expected = new Float32Array(new Uint8Array(readFileSync(file)).buffer);
      expect(
        difference(await onnxLogits(buildOnnx('resnet50', parameters), computedInput()), expected),
      ).toBeLessThan(1e-4);
      await useBackend('wasm');
      const model = buildTfjs('resnet50', parameters);
      expect(difference(await tfjsLogits(model, computedInput()), expected)).toBeLessThan(1e-4);
      model.dispose();
    });
  },
);
