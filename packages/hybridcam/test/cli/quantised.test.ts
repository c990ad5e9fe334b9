import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type InitializerDescription, writeModel } from '@hybridcam/onnx';
import { beforeEach, describe, expect, it } from 'vitest';
import { runCommand } from '../run-command.ts';
import { temporaryFolder } from '../temporary-folder.ts';
import { tinyPng } from '../tiny-picture.ts';

/**
 * A classifier whose last layer computes with bytes, as ONNX Runtime's static quantisation writes it: convolution and pooling in
 * float, then QuantizeLinear, QLinearMatMul, DequantizeLinear. Rounding has no gradient, so none leads from the scores back.
 */
function quantisedModel(): Uint8Array {
  const bytes = (count: number): Uint8Array => Uint8Array.from({ length: count }, (_, i) => (i * 37) % 200);
  const scalar = (name: string, value: number): InitializerDescription => ({
    name,
    dims: [],
    dataType: 'float32',
    data: [value],
  });
  const zero = (name: string): InitializerDescription => ({
    name,
    dims: [],
    dataType: 'uint8',
    data: new Uint8Array(1),
  });
  return writeModel({
    opsets: { '': 13 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: [1, 3, 32, 32] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: [1, 5] }],
      initializers: [
        {
          name: 'weight',
          dims: [8, 3, 3, 3],
          dataType: 'float32',
          data: Float32Array.from(bytes(216), (b) => b / 99 - 1),
        },
        { name: 'head', dims: [8, 5], dataType: 'uint8', data: bytes(40) },
        ...['a', 'b', 'y'].flatMap((name) => [scalar(`${name}.scale`, 0.05), zero(`${name}.zero`)]),
      ],
      nodes: [
        {
          opType: 'Conv',
          inputs: ['image', 'weight'],
          outputs: ['conv'],
          attributes: { strides: [4, 4], kernel_shape: [3, 3] },
        },
        { opType: 'Relu', inputs: ['conv'], outputs: ['relu'] },
        { opType: 'GlobalAveragePool', inputs: ['relu'], outputs: ['pooled'] },
        { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
        { opType: 'QuantizeLinear', inputs: ['flat', 'a.scale', 'a.zero'], outputs: ['bytes'] },
        {
          opType: 'QLinearMatMul',
          inputs: ['bytes', 'a.scale', 'a.zero', 'head', 'b.scale', 'b.zero', 'y.scale', 'y.zero'],
          outputs: ['product'],
        },
        { opType: 'DequantizeLinear', inputs: ['product', 'y.scale', 'y.zero'], outputs: ['logits'] },
      ],
    },
  });
}

let folder: string;
let model: string;
let picture: string;

beforeEach(() => {
  folder = temporaryFolder();
  model = join(folder, 'int8.onnx');
  picture = join(folder, 'cat.png');
  writeFileSync(model, quantisedModel());
  writeFileSync(picture, tinyPng());
});

describe('a quantised model', () => {
  it('is refused before any picture is opened, naming what rounds: exit code 1', async () => {
    const { code, stdout, stderr } = await runCommand([
      'explain',
      picture,
      '--model',
      model,
      '--save',
      'none',
      '-q',
    ]);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr).toMatch(/^error: explain: [^\n]*(QLinearMatMul|QuantizeLinear|DequantizeLinear)[^\n]*\n$/);
  });

  it('still lists its layers, with the reason', async () => {
    const { code, stdout } = await runCommand(['layers', model]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/no gradient/);
  });

  it('is told apart by the doctor: which op blocks, and which methods remain', async () => {
    const { code, stdout } = await runCommand(['doctor', model, '--quiet']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/blocked +[^\n]*/);
    expect(stdout.replace(/\s+/g, ' ')).toMatch(/(QLinearMatMul|QuantizeLinear|DequantizeLinear)/);
    expect(stdout).toMatch(/not here +hybrid, /);
    expect(stdout).toMatch(/layers +0 in closed form, 0 by a backward pass/);
  });

  it('can still be explained by a method that needs no gradient', async () => {
    const args = ['explain', picture, '--model', model, '--save', 'none', '--method', 'eigen-cam', '--json'];
    const { code, stdout } = await runCommand(args);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ method: 'eigen-cam', status: 'ok' });
  });
});
