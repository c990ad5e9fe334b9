import { existsSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { explain, view } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { beforeEach, describe, expect, it } from 'vitest';
import { loadModel } from '../../src/load-model.ts';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyModel, tinyModelWithExternalData } from '../tiny-model.ts';

let folder: string;
let model: string;
let out: string;

beforeEach(() => {
  folder = temporaryFolder();
  model = join(folder, 'tiny.onnx');
  out = join(folder, 'baked.onnx');
  writeFileSync(model, tinyModel({ shape: ['N', 3, 32, 32] }));
});

const pixels = Float32Array.from({ length: 3 * 32 * 32 }, (_, i) => Math.sin(i * 0.37) + Math.cos(i * 0.011));

async function runFile(path: string, more: Record<string, ort.Tensor> = {}) {
  const session = await ort.InferenceSession.create(path);
  try {
    return await session.run({ image: new ort.Tensor('float32', pixels, [1, 3, 32, 32]), ...more });
  } finally {
    await session.release();
  }
}

describe('hybridcam bake', () => {
  it('writes a file that returns the map explain computes', async () => {
    const before = readFileSync(model);
    const result = await runCommand(['bake', model, '--layer', 'first', '--alpha', '0.3', '-o', out]);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stdout).toContain('hybrid, alpha 0.3, at first, of the best class');
    expect(result.stdout).toContain('Adds cam [N,16,16] (');
    for (const line of result.stdout.split('\n').slice(1)) expect(line.length).toBeLessThanOrEqual(80);
    expect(readFileSync(model)).toEqual(before);
    expect(readFileSync(out).subarray(0, before.length)).toEqual(before);
    const { logits, cam } = await runFile(out);
    expect(logits!.data).toEqual((await runFile(model))['logits']!.data);
    const library = await loadModel(model);
    try {
      const expected = await explain(library, view(pixels, [1, 3, 32, 32]), {
        method: { name: 'hybrid', alpha: 0.3 },
        targetLayer: 'first',
        normalize: 'none',
      });
      const worst = Math.max(
        ...expected.cam.data.map((value, i) => Math.abs(value - (cam!.data as Float32Array)[i]!)),
      );
      expect(worst).toBeLessThan(1e-5);
    } finally {
      await library.dispose();
    }
  });

  it('describes what it wrote as JSON', async () => {
    const flags = ['--method', 'cross-layer-hybrid', '--save', 'saliency', '--inputs', 'class,alpha'];
    const { code, stdout } = await runCommand(['bake', '-m', model, '-o', out, ...flags, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      method: 'cross-layer-hybrid',
      layers: 'second,first',
      alpha: '0.7',
      class: 'argmax',
      input: 'anyx3x32x32',
      addedInputs: [{ name: 'class' }, { name: 'alpha' }],
      addedOutputs: [
        { name: 'cam', shape: ['N', 16, 16] },
        { name: 'saliency', shape: ['N', 32, 32] },
      ],
    });
  });

  it('takes auto as one of two layers, as explain does', async () => {
    const flags = ['--method', 'cross-layer-hybrid', '-o', out, '--json'];
    const layersOf = async (layer: string) => {
      const { code, stdout } = await runCommand(['bake', model, '--layer', layer, ...flags]);
      expect(code).toBe(0);
      return (JSON.parse(stdout) as { layers: string }).layers;
    };
    expect(await layersOf('auto,first')).toBe('second,first');
    expect(await layersOf('first,auto')).toBe('first,second');
  });

  it('takes inputs that must be fed, for JavaScript', async () => {
    const flags = ['--method', 'grad-cam', '--inputs', 'class', '--required-inputs', '--quiet'];
    const { code, stdout } = await runCommand(['bake', model, '-o', out, ...flags]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    const of = async (index: bigint) =>
      (await runFile(out, { class: new ort.Tensor('int64', [index], [1]) }))['cam']!.data;
    expect(await of(1n)).not.toEqual(await of(2n));
    await expect(of(5n)).rejects.toThrow(/class must be -1 or from 0 to 4/);
  });

  it('bakes the network that comes along', async () => {
    const { code } = await runCommand(['bake', 'scenes', '--normalize', 'max', '-o', out, '-q']);
    expect(code).toBe(0);
    const session = await ort.InferenceSession.create(out);
    expect(session.outputNames).toContain('cam');
    await session.release();
  });

  it('never writes over its model, also by another name', async () => {
    const link = join(folder, 'link.onnx');
    symlinkSync(model, link);
    for (const target of [model, join(folder, '.', 'tiny.onnx'), link]) {
      const { code, stderr } = await runCommand(['bake', model, '-o', target]);
      expect(code).toBe(2);
      expect(stderr).toContain('another file than the model');
    }
  });

  it('keeps a model with weights beside it in its folder', async () => {
    const external = tinyModelWithExternalData('tiny.bin');
    writeFileSync(model, external.model);
    writeFileSync(join(folder, 'tiny.bin'), external.weights);
    const elsewhere = join(temporaryFolder(), 'baked.onnx');
    const refused = await runCommand(['bake', model, '-o', elsewhere]);
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('in the folder of the model');
    expect((await runCommand(['bake', model, '--layer', 'first', '-o', out])).code).toBe(0);
    expect((await runFile(out))['cam']!.dims).toEqual([1, 16, 16]);
  });

  it('says what is wrong with a flag before it reads the model, and writes nothing', async () => {
    const wrong: [string[], RegExp][] = [
      [[], /no --out/],
      [['-o', out, '--method', 'eigen-cam'], /singular value decomposition/],
      [['-o', out, '--method', 'score-cam'], /cannot be baked: it runs the model many times/],
      [['-o', out, '--method', 'hybird'], /Did you mean "hybrid"/],
      [['-o', out, '--alpha', '2'], /from 0 to 1/],
      [['-o', out, '--inputs', 'klass'], /--inputs/],
      [['-o', out, '--save', 'saliancy'], /saliency/],
      [['-o', out, '--size', '0x3'], /HEIGHTxWIDTH/],
      [['-o', out, '--class', '5'], /from 0 to 4/],
      [['-o', out, '--size', '64'], /as the model declares/],
      [['-o', out, '--layer', 'third'], /error: bakeModel: .*"third"/],
      [['-o', out, '--method', 'cross-layer-hybrid', '--layer', 'auto,third'], /"third"/],
      [['-o', out, '--output', 'other'], /one of "logits"/],
      [['-o', out, '--tokens', '1+'], /such as 1\+14x14/],
      [['-o', out, '--tokens', '1+4x4'], /expected "tokens" that fit/],
      [['-o', out, '--weights', 'x.pth'], /known by name/],
      [['-o', out, '--method', 'grad-cam', '--alpha', '0.5'], /Only the hybrids mix/],
    ];
    for (const [flags, message] of wrong) {
      const { code, stderr } = await runCommand(['bake', model, ...flags]);
      expect(code, flags.join(' ')).not.toBe(0);
      expect(stderr).toMatch(message);
      expect(existsSync(out)).toBe(false);
    }
    expect(readdirSync(folder)).toEqual(['tiny.onnx']);
  });

  it('asks for the size a model leaves open', async () => {
    writeFileSync(model, tinyModel({ shape: ['N', 3, 'h', 'w'] }));
    const { code, stderr } = await runCommand(['bake', model, '-o', out]);
    expect(code).not.toBe(0);
    expect(stderr).toContain('inputSize');
    expect((await runCommand(['bake', model, '-o', out, '--size', '32x32', '-q'])).code).toBe(0);
  });
});
