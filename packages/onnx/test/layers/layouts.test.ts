import { view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { appendToModel, createOnnxModel, type NodeDescription, writeModel } from '../../src/index.ts';
import { randomFloats, weight } from '../toy-model.ts';

const shape = (name: string, ...dims: number[]) =>
  ({ name, dims: [dims.length], dataType: 'int64', data: dims }) as const;
const classifier = (nodes: readonly NodeDescription[]): Uint8Array =>
  writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'input', dataType: 'float32', shape: [1, 3, 4, 4] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: [1, 5] }],
      nodes,
      initializers: [
        weight('conv.weight', [4, 3, 1, 1], 1),
        weight('expand', [4, 6], 2),
        weight('project', [6, 4], 3),
        weight('scale', [4], 4),
        weight('fc', [4, 5], 5),
        shape('as heads', 1, 2, 8, 4),
        shape('as map', 1, 4, 4, 4),
        shape('as groups', 1, 2, 2, 4, 4),
      ],
    },
  });
const input = view(randomFloats(9, 48), [1, 3, 4, 4]);

describe('layers: layout', () => {
  // Every extent is 4 on purpose: shapes alone could not tell places from channels.
  const transformer = classifier([
    { opType: 'Conv', inputs: ['input', 'conv.weight'], outputs: ['conv'] },
    { opType: 'Transpose', inputs: ['conv'], outputs: ['turned'], attributes: { perm: [0, 2, 3, 1] } },
    { opType: 'LayerNormalization', inputs: ['turned', 'scale'], outputs: ['normed'] },
    { opType: 'MatMul', inputs: ['normed', 'expand'], outputs: ['hidden'] },
    { opType: 'Relu', inputs: ['hidden'], outputs: ['active'] },
    { opType: 'MatMul', inputs: ['active', 'project'], outputs: ['back'] },
    { opType: 'Add', inputs: ['turned', 'back'], outputs: ['sum'] },
    { opType: 'Reshape', inputs: ['sum', 'as heads'], outputs: ['heads'] },
    { opType: 'Sigmoid', inputs: ['heads'], outputs: ['attention'] },
    { opType: 'Reshape', inputs: ['attention', 'as map'], outputs: ['again'] },
    { opType: 'Add', inputs: ['sum', 'again'], outputs: ['final'] },
    {
      opType: 'ReduceMean',
      inputs: ['final'],
      outputs: ['pooled'],
      attributes: { axes: [1, 2], keepdims: 0 },
    },
    { opType: 'MatMul', inputs: ['pooled', 'fc'], outputs: ['logits'] },
  ]);

  test('channels-last maps come out channels-first; what a reshape makes is no map', async () => {
    const model = await createOnnxModel(transformer, { ort, name: 'blocks' });
    expect(model.layers.map(({ name, shape }) => [name, shape])).toEqual([
      ['conv', [4, 4, 4]],
      ['turned', [4, 4, 4]],
      ['normed', [4, 4, 4]],
      ['hidden', [6, 4, 4]],
      ['active', [6, 4, 4]],
      ['back', [4, 4, 4]],
      ['sum', [4, 4, 4]],
      ['final', [4, 4, 4]],
    ]);
    expect(model.defaultLayer).toBe('final');
    expect(() => model.resolveLayer('heads')).toThrow('is no map');
    const pass = await model.forward(input, { layers: ['conv', 'turned', 'hidden'] });
    expect(pass.activations('turned').data).toEqual(pass.activations('conv').data);
    const session = await ort.InferenceSession.create(
      appendToModel(transformer, { outputs: [{ name: 'hidden' }] }),
    );
    const raw = (await session.run({ input: new ort.Tensor('float32', input.data, [1, 3, 4, 4]) }))[
      'hidden'
    ]!;
    const expected = Array.from(
      { length: 96 },
      (_, i) => raw.data[(i % 16) * 6 + Math.floor(i / 16)] as number,
    );
    expectClose(pass.activations('hidden').data, expected);
    await session.release();
    await model.dispose();
  });

  test('a gradient at a channels-last map is that of the same values channels-first', async () => {
    const model = await createOnnxModel(transformer, { ort, name: 'blocks' });
    const pass = await model.forward(input, { layers: ['conv', 'turned'] });
    const found = await pass.gradients(['conv', 'turned'], view(Float32Array.of(0, 1, 0, -1, 0), [1, 5]));
    expectClose(found.get('turned')!, found.get('conv')!, { relativeToMax: 1e-6 });
    await model.dispose();
  });

  test('a channel shuffle keeps the places', async () => {
    const model = await createOnnxModel(
      classifier([
        { opType: 'Conv', inputs: ['input', 'conv.weight'], outputs: ['conv'] },
        { opType: 'Reshape', inputs: ['conv', 'as groups'], outputs: ['groups'] },
        {
          opType: 'Transpose',
          inputs: ['groups'],
          outputs: ['swapped'],
          attributes: { perm: [0, 2, 1, 3, 4] },
        },
        { opType: 'Reshape', inputs: ['swapped', 'as map'], outputs: ['shuffled'] },
        { opType: 'GlobalAveragePool', inputs: ['shuffled'], outputs: ['mean'] },
        { opType: 'Flatten', inputs: ['mean'], outputs: ['pooled'] },
        { opType: 'MatMul', inputs: ['pooled', 'fc'], outputs: ['logits'] },
      ]),
      { ort, name: 'shuffle' },
    );
    expect(model.defaultLayer).toBe('shuffled');
    expect(model.resolveLayer('last')).toMatchObject({ shape: [4, 4, 4], stride: 1, gradient: 'constant' });
    await model.dispose();
  });
});
