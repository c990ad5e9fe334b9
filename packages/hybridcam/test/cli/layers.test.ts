import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeModel } from '@hybridcam/onnx';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyDescription, tinyModel } from '../tiny-model.ts';

let model: string;

beforeEach(() => {
  model = join(temporaryFolder(), 'tiny.onnx');
  writeFileSync(model, tinyModel());
});

describe('hybridcam layers', () => {
  it('prints shape, stride and parameters of each layer, and marks the default', async () => {
    const { code, stdout } = await runCommand(['layers', model]);
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(lines[0]).toMatch(/layer +shape +stride +parameters +cost/);
    expect(stdout).toMatch(/^ {2}first +8×16×16 +2 +216 +1\.50×$/m);
    expect(stdout).toMatch(/^› second +12×8×8 +4 +1,080 +1\.00×$/m);
    expect(stdout).toMatch(/cost: .*at least.*\n.*hybridcam doctor measures it\./);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80);
  });
  it('takes the model as a flag too, and prints JSON lines', async () => {
    const { code, stdout } = await runCommand(['layers', '--model', model, '--json']);
    expect(code).toBe(0);
    const layers = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    const last = layers.at(-1);
    expect(last).toMatchObject({
      name: 'second',
      shape: [12, 8, 8],
      stride: 4,
      parameterCount: 1080,
      layout: 'nchw',
      gradient: 'constant',
      cost: 1,
      blockedBy: null,
      default: true,
    });
    expect(last.aliases).toContain('last');
  });
  it('wants exactly one model: exit code 2', async () => {
    expect((await runCommand(['layers'])).code).toBe(2);
    expect((await runCommand(['layers', model, model])).code).toBe(2);
  });
  it('says what is wrong with a file that is no model: exit code 1', async () => {
    writeFileSync(model, 'hello');
    const { code, stdout, stderr } = await runCommand(['layers', model]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: [^\n]*text file[^\n]*\n$/);
  });

  it('takes the places of tokens that the file does not tell, and refuses those that fit none', async () => {
    writeFileSync(model, tokenModel());
    const { code, stdout } = await runCommand(['layers', model, '--tokens', '2+4x4']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^› mix +6×4×4/m);
    expect(stdout).toContain('layout: tokens, 2 before 4×4\n');
    const wrong = await runCommand(['layers', model, '--tokens', '3+4x4']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('Token counts in the model: 18.');
  });
  it('says so where there are no maps', async () => {
    const description = tinyDescription();
    const nodes = [
      { opType: 'Flatten', inputs: ['image'], outputs: ['flat'] },
      { opType: 'MatMul', inputs: ['flat', 'weight'], outputs: ['logits'] },
    ];
    const weight = {
      name: 'weight',
      dims: [3072, 5],
      dataType: 'float32',
      data: new Float32Array(15360),
    } as const;
    const graph = { ...description.graph, nodes, initializers: [weight] };
    writeFileSync(model, writeModel({ ...description, graph }));
    const { code, stdout } = await runCommand(['layers', model]);
    expect(code).toBe(0);
    expect(stdout.replace(/\s+/g, ' ')).toContain('No tensor of this model is a map of places.');
  });
});

/** 18 tokens of 6 channels: which of them are places of the 16×16 picture, its graph does not tell. */
function tokenModel(): Uint8Array {
  const weight = (name: string, ...dims: number[]) => ({
    name,
    dims,
    dataType: 'float32' as const,
    data: Float32Array.from({ length: dims.reduce((a, b) => a * b, 1) }, (_, i) => Math.sin(i + dims.length)),
  });
  return writeModel({
    opsets: { '': 13 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: [1, 3, 16, 16] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: [1, 5] }],
      nodes: [
        { opType: 'Flatten', inputs: ['image'], outputs: ['flat'] },
        { opType: 'MatMul', inputs: ['flat', 'cut'], outputs: ['row'] },
        { opType: 'Reshape', inputs: ['row', 'shape'], outputs: ['tokens'] },
        { opType: 'MatMul', name: '/mix/MatMul', inputs: ['tokens', 'mix'], outputs: ['mixed'] },
        {
          opType: 'ReduceMean',
          inputs: ['mixed'],
          outputs: ['mean'],
          attributes: { axes: [1], keepdims: 0 },
        },
        { opType: 'MatMul', inputs: ['mean', 'head'], outputs: ['logits'] },
      ],
      initializers: [
        weight('cut', 768, 108),
        weight('mix', 6, 6),
        weight('head', 6, 5),
        { name: 'shape', dims: [3], dataType: 'int64', data: [1, 18, 6] },
      ],
    },
  });
}
