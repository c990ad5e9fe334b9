import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tfjsNodeFolder } from '@hybridcam/test-utils';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readNpy } from '../read-npy.ts';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyModel } from '../tiny-model.ts';
import { tinyPng } from '../tiny-picture.ts';
import { writeTinyTfjsModel } from '../tiny-tfjs-model.ts';

let folder: string;
let model: string;
let picture: string;

beforeEach(async () => {
  folder = temporaryFolder();
  picture = join(folder, 'cat.png');
  writeFileSync(picture, tinyPng());
  model = await writeTinyTfjsModel(join(folder, 'tiny'));
});

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('hybridcam with a TensorFlow.js model', () => {
  it('explains a model.json on wasm by itself, at any layer and across layers', async () => {
    const { code, stdout, stderr } = await runCommand([
      ...['explain', picture, '--model', model, '--json', '--save', 'cam', '--out', join(folder, 'out')],
      ...['--layer', 'second,first', '--method', 'hybrid,cross-layer-hybrid', '--alpha', '0,0.7'],
    ]);
    expect({ code, error: stderr.match(/error.*/g) }).toEqual({ code: 0, error: null });
    const reports = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(reports.map(({ layer, alpha }) => `${layer} ${alpha}`)).toEqual([
      'second 0',
      'first 0',
      'second 0.7',
      'first 0.7',
      'second,first 0',
      'second,first 0.7',
    ]);
    // A softmax head is explained at the logit.
    expect(reports[0].class.logit).not.toBeNull();
    expect(readNpy(join(folder, 'out', 'cat.cross-layer-hybrid.a0.7.cam.npy')).shape).toEqual([16, 16]);
  });

  it('computes the same on the device asked for, without advertisements', async () => {
    const warn = vi.spyOn(console, 'warn');
    const cams: Float32Array[] = [];
    for (const device of ['wasm', 'cpu']) {
      const out = join(folder, device);
      const args = ['explain', picture, '--model', model, '--save', 'cam,record', '--out', out, '--quiet'];
      expect((await runCommand([...args, '--device', device])).code).toBe(0);
      cams.push(readNpy(join(out, 'cat.hybrid.a0.7.cam.npy')).data);
      const record = JSON.parse(readFileSync(join(out, 'cat.hybrid.a0.7.record.json'), 'utf8'));
      expect(record.model.runtime).toContain(`(${device})`);
    }
    expect(warn).not.toHaveBeenCalled();
    warn.mockRestore();
    cams[0]!.forEach((value, i) => {
      expect(value).toBeCloseTo(cams[1]![i]!, 5);
    });
  });

  it('runs a model known by name on either runtime, with one result', async () => {
    const cams: Float32Array[] = [];
    for (const runtime of ['onnx', 'tfjs']) {
      const out = join(folder, runtime);
      const args = ['explain', picture, '--model', 'scenes', '--save', 'cam,record', '--out', out, '--quiet'];
      expect((await runCommand([...args, '--runtime', runtime, '--layer', 'layer3.1'])).code).toBe(0);
      cams.push(readNpy(join(out, 'cat.hybrid.a0.7.cam.npy')).data);
      const record = JSON.parse(readFileSync(join(out, 'cat.hybrid.a0.7.record.json'), 'utf8'));
      expect(record.model).toMatchObject({ name: 'scenes', runtime: expect.stringContaining(runtime) });
    }
    cams[0]!.forEach((value, i) => {
      expect(value).toBeCloseTo(cams[1]![i]!, 4);
    });
  });

  it('lists its layers and examines it', async () => {
    const layers = await runCommand(['layers', model]);
    expect(layers.stdout).toMatch(/^› second +12×8×8/m);
    const doctor = await runCommand(['doctor', model, '--quiet']);
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringMatching(/default layer +second/) });
  });

  it.skipIf(!tfjsNodeFolder())(
    'computes the same on tfjs-node (skipped until tooling/tfjs-node/build.mjs has been run)',
    async () => {
      vi.stubEnv('HYBRIDCAM_TFJS_NODE', tfjsNodeFolder());
      const args = ['explain', picture, '--model', model, '--save', 'cam', '--quiet', '--out'];
      const cams: Float32Array[] = [];
      for (const device of ['wasm', 'node']) {
        const { code } = await runCommand([...args, join(folder, device), '--device', device]);
        expect(code).toBe(0);
        cams.push(readNpy(join(folder, device, 'cat.hybrid.a0.7.cam.npy')).data);
      }
      cams[0]!.forEach((value, i) => {
        expect(value).toBeCloseTo(cams[1]![i]!, 5);
      });
    },
  );

  it('takes the folder that the converter wrote', async () => {
    const home = join(folder, 'tiny');
    const layers = await runCommand(['layers', home, '--json']);
    expect(layers).toEqual(await runCommand(['layers', model, '--json']));
    expect(layers.code).toBe(0);
    const doctor = await runCommand(['doctor', home, '--quiet']);
    expect(doctor).toMatchObject({ code: 0, stdout: expect.stringMatching(/default layer +second/) });
    const other = await runCommand(['layers', folder]);
    expect(other).toMatchObject({ code: 1, stderr: expect.stringMatching(/it is a folder/) });
  });

  it('says what to install for a device that is not there: exit code 1', async () => {
    vi.stubEnv('HYBRIDCAM_TFJS_NODE', folder);
    const { code, stderr } = await runCommand(['layers', model, '--device', 'node']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: startTfjsNode: [^\n]*npm install @tensorflow\/tfjs-node[^\n]*\n$/);
  });

  it.each([
    ['an unknown runtime', ['--runtime', 'onxx'], /Did you mean "onnx"/],
    ['an unknown device', ['--device', 'gpu'], /--device/],
  ])('refuses %s: exit code 2', async (_, args, message) => {
    const { code, stderr } = await runCommand(['layers', model, ...args]);
    expect(code).toBe(2);
    expect(stderr).toMatch(message);
  });

  it('refuses a device for ONNX Runtime, and ONNX bytes for TensorFlow.js', async () => {
    const onnx = join(folder, 'tiny.onnx');
    writeFileSync(onnx, tinyModel());
    expect((await runCommand(['layers', onnx, '--device', 'cpu'])).code).toBe(2);
    const wrong = await runCommand(['layers', onnx, '--runtime', 'tfjs']);
    expect(wrong.code).toBe(1);
    expect(wrong.stderr).toMatch(/^error: [^\n]+\n$/);
    expect(wrong.stderr).not.toMatch(/bug in hybridcam/);
    const json = await runCommand(['layers', model, '--runtime', 'onnx']);
    expect(json).toMatchObject({ code: 1, stderr: expect.stringMatching(/JSON text \(a tfjs model\.json/) });
  });
});
