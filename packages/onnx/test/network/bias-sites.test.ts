import { view } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  createOnnxModel,
  type InitializerDescription,
  type NodeDescription,
  writeModel,
} from '../../src/index.ts';
import { randomFloats, weight } from '../toy-model.ts';

const constant = (
  name: string,
  dims: readonly number[],
  data: readonly number[],
): InitializerDescription => ({
  name,
  dims,
  dataType: 'float32',
  data,
});

/** Convolution with a bias, the steps from `map` to `out`, mean, linear layer with a bias. */
function network(
  steps: readonly NodeDescription[],
  initializers: readonly InitializerDescription[],
  opset = 17,
) {
  return writeModel({
    opsets: { '': opset },
    graph: {
      inputs: [{ name: 'input', dataType: 'float32', shape: ['batch', 3, 6, 6] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 3] }],
      nodes: [
        { opType: 'Conv', inputs: ['input', 'w', 'b'], outputs: ['map'], attributes: { pads: [1, 1, 1, 1] } },
        ...steps,
        { opType: 'GlobalAveragePool', inputs: ['out'], outputs: ['mean'] },
        { opType: 'Flatten', inputs: ['mean'], outputs: ['flat'] },
        {
          opType: 'Gemm',
          inputs: ['flat', 'fc', 'fcb'],
          outputs: ['logits'],
          attributes: { transB: 1, beta: { float: 0.5 }, alpha: { float: 2 } },
        },
      ],
      initializers: [
        weight('w', [4, 3, 3, 3], 1, 0.6),
        weight('b', [4], 2),
        weight('fc', [3, 4], 3),
        weight('fcb', [3], 4),
        ...initializers,
      ],
    },
  });
}

const unary = (opType: string, attributes: NodeDescription['attributes'] = {}): NodeDescription[] => [
  { opType, inputs: ['map'], outputs: ['out'], attributes },
];
const withConstant = (opType: string, inputs: readonly string[]): NodeDescription[] => [
  { opType, inputs, outputs: ['out'] },
];
const perChannel = constant('c', [4, 1, 1], [0.3, -0.7, 1.1, 0.2]);
const scalar = (value: number) => constant('c', [], [value]);
const positive: NodeDescription[] = [
  { opType: 'Abs', inputs: ['map'], outputs: ['abs'] },
  { opType: 'Add', inputs: ['abs', 'one'], outputs: ['positive'] },
];
const one = constant('one', [1], [1]);

/** Steps, their constants, and how many of the four biases and steps add something: 2 for the network alone. */
const cases: Record<string, [NodeDescription[], InitializerDescription[], number]> = {
  Relu: [unary('Relu'), [], 2],
  LeakyRelu: [unary('LeakyRelu', { alpha: { float: 0.2 } }), [], 2],
  Abs: [unary('Abs'), [], 2],
  MaxPool: [unary('MaxPool', { kernel_shape: [2, 2], strides: [2, 2] }), [], 2],
  Clip: [
    withConstant('Clip', ['map', 'low', 'high']),
    [constant('low', [], [-0.2]), constant('high', [], [0.4])],
    3,
  ],
  'Clip without a lower bound': [withConstant('Clip', ['map', '', 'high']), [constant('high', [], [0.4])], 3],
  Sigmoid: [unary('Sigmoid'), [], 3],
  Tanh: [unary('Tanh'), [], 3],
  HardSwish: [unary('HardSwish'), [], 3],
  HardSigmoid: [unary('HardSigmoid'), [], 3],
  Elu: [unary('Elu'), [], 3],
  Softplus: [unary('Softplus'), [], 3],
  Erf: [unary('Erf'), [], 3],
  'Add of a constant': [withConstant('Add', ['map', 'c']), [perChannel], 3],
  'Sub of a constant': [withConstant('Sub', ['map', 'c']), [perChannel], 3],
  'Sub from a constant': [withConstant('Sub', ['c', 'map']), [perChannel], 3],
  'Mul by a constant': [withConstant('Mul', ['c', 'map']), [perChannel], 2],
  'Mul with itself': [withConstant('Mul', ['map', 'map']), [], 3],
  'Div by a constant': [withConstant('Div', ['map', 'c']), [perChannel], 2],
  'Div of a constant': [[...positive, ...withConstant('Div', ['c', 'positive'])], [perChannel, one], 4],
  'Div of two': [[...positive, ...withConstant('Div', ['map', 'positive'])], [one], 4],
  Pow: [[...positive, ...withConstant('Pow', ['positive', 'c'])], [scalar(2.5), one], 4],
  Sqrt: [[...positive, { opType: 'Sqrt', inputs: ['positive'], outputs: ['out'] }], [one], 4],
  'Max with a constant': [withConstant('Max', ['map', 'c']), [perChannel], 3],
  'Min with a constant': [withConstant('Min', ['c', 'map']), [perChannel], 3],
  'Max of two': [
    [{ opType: 'Neg', inputs: ['map'], outputs: ['minus'] }, ...withConstant('Max', ['map', 'minus'])],
    [],
    2,
  ],
  BatchNormalization: [
    [
      {
        opType: 'BatchNormalization',
        inputs: ['map', 'scale', 'shift', 'mu', 'sigma2'],
        outputs: ['out'],
        attributes: { epsilon: { float: 1e-3 } },
      },
    ],
    [
      constant('scale', [4], [1, -2, 0.5, 1.5]),
      constant('shift', [4], [0.1, 0.2, -0.3, 0]),
      constant('mu', [4], [0.5, -0.5, 0.1, 2]),
      constant('sigma2', [4], [1, 0.5, 2, 0.3]),
    ],
    3,
  ],
  'squeeze and excitation': [
    [
      { opType: 'GlobalAveragePool', inputs: ['map'], outputs: ['squeezed'] },
      { opType: 'Conv', inputs: ['squeezed', 'se', 'seb'], outputs: ['excited'] },
      { opType: 'Sigmoid', inputs: ['excited'], outputs: ['gate'] },
      { opType: 'Mul', inputs: ['map', 'gate'], outputs: ['out'] },
    ],
    [weight('se', [4, 4, 1, 1], 9), weight('seb', [4], 10)],
    5,
  ],
  'a product of matrices': [
    [
      { opType: 'Transpose', inputs: ['map'], outputs: ['turned'], attributes: { perm: [0, 1, 3, 2] } },
      { opType: 'MatMul', inputs: ['map', 'turned'], outputs: ['out'] },
    ],
    [],
    3,
  ],
  'padding with a number': [
    withConstant('Pad', ['map', 'pads', 'zero']),
    [
      { name: 'pads', dims: [8], dataType: 'int64', data: [0, 0, 1, 1, 0, 0, 1, 1] },
      constant('zero', [], [0]),
    ],
    2,
  ],
};

async function sharesOf(bytes: Uint8Array) {
  const model = await createOnnxModel(bytes, { ort, name: 'steps.onnx' });
  const pass = await model.forward(view(randomFloats(5, 2 * 108, 1.5), [2, 3, 6, 6]), {
    network: ['shares'],
  });
  const { input, biases } = await pass.scoreShares!(view(Float32Array.of(1, 0, 0, 0, -0.5, 2), [2, 3]));
  const all = [input, ...biases.map(({ values }) => values)];
  const sum = all.reduce((total, { data }) => total + data.reduce((a, b) => a + b, 0), 0);
  const size = all.reduce((total, { data }) => total + data.reduce((a, b) => a + Math.abs(b), 0), 0);
  const score = pass.logits.get(0, 0) - 0.5 * pass.logits.get(1, 1) + 2 * pass.logits.get(1, 2);
  const { partialBy } = model.network!.shares;
  pass.dispose();
  await model.dispose();
  return { error: (sum - score) / size, partialBy, biases };
}

describe('what each step adds', () => {
  test.each(Object.entries(cases))('%s', async (_, [steps, initializers, count]) => {
    const { error, partialBy, biases } = await sharesOf(network(steps, initializers, 17));
    expect(partialBy).toBeUndefined();
    expect(biases).toHaveLength(count);
    expect(Math.abs(error)).toBeLessThan(2e-7);
  });

  test('a clip of before opset 11, with its bounds as attributes', async () => {
    const clip = unary('Clip', { min: { float: -0.2 }, max: { float: 0.4 } });
    const { error, biases } = await sharesOf(network(clip, [], 9));
    expect(biases.map(({ of }) => of)).toEqual(['layer', 'nonlinearity', 'layer']);
    expect(Math.abs(error)).toBeLessThan(2e-7);
  });

  test('where the operands of a Max tie, half of it is the constant’s', async () => {
    const steps: NodeDescription[] = [
      { opType: 'Mul', inputs: ['map', 'none'], outputs: ['zeros'] },
      { opType: 'Add', inputs: ['zeros', 'c'], outputs: ['even'] },
      { opType: 'Max', inputs: ['even', 'c'], outputs: ['out'] },
    ];
    const { error, biases } = await sharesOf(network(steps, [perChannel, constant('none', [], [0])]));
    expect(biases).toHaveLength(4);
    expect(Math.abs(error)).toBeLessThan(2e-7);
  });

  test('a lone number is a step of a formula, and a layer’s bias only behind the layer’s product', async () => {
    const ofSteps = async (steps: readonly NodeDescription[], initializers: InitializerDescription[]) =>
      (await sharesOf(network(steps, initializers))).biases.map(({ of }) => of);
    const relu: NodeDescription = { opType: 'Relu', inputs: ['map'], outputs: ['relu'] };
    const add = (to: string): NodeDescription => ({ opType: 'Add', inputs: [to, 'c'], outputs: ['out'] });
    expect(await ofSteps([relu, add('relu')], [scalar(3)])).toEqual(['layer', 'nonlinearity', 'layer']);
    expect(await ofSteps([relu, add('relu')], [perChannel])).toEqual(['layer', 'layer', 'layer']);
    expect(await ofSteps([add('map')], [scalar(3)])).toEqual(['layer', 'layer', 'layer']);
  });

  test('a pass that is disposed while the shares wait for their turn refuses in words', async () => {
    const model = await createOnnxModel(network(unary('Sigmoid'), []), { ort, name: 'steps.onnx' });
    const input = view(randomFloats(5, 108, 1.5), [1, 3, 6, 6]);
    const pass = await model.forward(input, { network: ['shares'] });
    const other = model.forward(input);
    const shares = pass.scoreShares!(view(Float32Array.of(1, 0, 0), [1, 3]));
    pass.dispose();
    await expect(shares).rejects.toThrow(/this forward pass was disposed/);
    (await other).dispose();
    await model.dispose();
  });

  test.each([
    ['padding with a number that is not 0', withConstant('Pad', ['map', 'pads', 'c']), /what Pad ".*" adds/],
    ['a concatenation with a constant', withConstant('Concat', ['map', 'more']), /what Concat ".*" adds/],
    ['a softmax', unary('Softmax', { axis: 1 }), /what Softmax ".*" adds/],
  ])('%s is said to be unknown', async (_, steps, expected) => {
    const named = steps.map((step) => ({
      ...step,
      name: 'step',
      ...(step.opType === 'Concat' && { attributes: { axis: 2 } }),
    }));
    const bytes = network(named, [
      { name: 'pads', dims: [8], dataType: 'int64', data: [0, 0, 1, 1, 0, 0, 1, 1] },
      scalar(0.5),
      constant('more', [2, 4, 1, 6], Array(48).fill(0.5)),
    ]);
    const { error, partialBy } = await sharesOf(bytes);
    expect(partialBy).toMatch(expected);
    expect(Math.abs(error)).toBeGreaterThan(1e-4);
  });

  test('by hand: one pixel, one weight, a clip', async () => {
    const bytes = writeModel({
      opsets: { '': 17 },
      graph: {
        inputs: [{ name: 'input', dataType: 'float32', shape: [1, 1, 1, 2] }],
        outputs: [{ name: 'logits', dataType: 'float32', shape: [1, 1] }],
        nodes: [
          { opType: 'Conv', inputs: ['input', 'w', 'b'], outputs: ['map'] },
          { opType: 'Clip', inputs: ['map', 'low', 'high'], outputs: ['out'] },
          { opType: 'ReduceSum', inputs: ['out', 'axes'], outputs: ['sum'], attributes: { keepdims: 0 } },
          { opType: 'Add', inputs: ['sum', 'c'], outputs: ['logits'] },
        ],
        initializers: [
          constant('w', [1, 1, 1, 1], [2]),
          constant('b', [1], [0.5]),
          constant('low', [], [0]),
          constant('high', [], [6]),
          { name: 'axes', dims: [2], dataType: 'int64', data: [2, 3] },
          constant('c', [1], [10]),
        ],
      },
    });
    const model = await createOnnxModel(bytes, { ort, name: 'hand.onnx' });
    // 2·1 + 0.5 = 2.5 passes; 2·4 + 0.5 = 8.5 is clipped to 6. Score 18.5.
    const pass = await model.forward(view(Float32Array.of(1, 4), [1, 1, 1, 2]), { network: ['shares'] });
    const { input, biases } = await pass.scoreShares!(view(Float32Array.of(1), [1, 1]));
    expect([...input.data]).toEqual([2, 0]);
    expect(biases.map(({ of, values }) => [of, ...values.data])).toEqual([
      ['layer', 0.5, 0],
      ['nonlinearity', 0, 6],
      ['nonlinearity', 10],
    ]);
    expect(pass.logits.get(0, 0)).toBe(18.5);
    pass.dispose();
    await model.dispose();
  });
});
