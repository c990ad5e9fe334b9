import { UnsupportedError } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createGradientSession, type DifferentiateOptions, differentiate } from '../../src/autodiff/index.ts';
import { floatsToHalves, type GraphDescription, type NodeDescription } from '../../src/index.ts';
import { floats, integers, node, smallModel } from './small-model.ts';

async function gradientOf(
  bytes: Uint8Array,
  x: ort.Tensor,
  cotangent: readonly number[],
  options: Partial<DifferentiateOptions> = {},
): Promise<number[]> {
  const session = await createGradientSession(bytes, { ort, wrt: ['x'], inputShape: x.dims, ...options });
  try {
    const run = await session.run(x);
    return [...(await run.gradients(Float32Array.from(cotangent))).get('x')!.data];
  } finally {
    await session.dispose();
  }
}

const image = (values: readonly number[], shape: readonly number[] = [1, values.length]): ort.Tensor =>
  new ort.Tensor('float32', Float32Array.from(values), shape);

async function refusal(bytes: Uint8Array, options: Partial<DifferentiateOptions> = {}): Promise<string> {
  const error = await differentiate(bytes, { ort, wrt: ['x'], inputShape: [1, 4], ...options }).catch(
    (e: unknown) => e,
  );
  expect(error).toBeInstanceOf(UnsupportedError);
  return (error as Error).message;
}

/** `If` on a condition; both branches read the outer tensor `h` without listing it. */
function branching(condition: readonly NodeDescription[]): Uint8Array {
  const branch = (factor: number): { graph: GraphDescription } => ({
    graph: {
      nodes: [node('Mul', ['h', 'factor'], 'product'), node('Identity', ['product'], 'result')],
      initializers: [floats('factor', [], [factor])],
      outputs: [{ name: 'result', dataType: 'float32' }],
    },
  });
  return smallModel({
    nodes: [
      node('Mul', ['x', 'two'], 'h'),
      ...condition,
      node('If', ['condition'], 'chosen', { then_branch: branch(5), else_branch: branch(7) }),
      node('Add', ['chosen', 'h'], 'y'),
    ],
    initializers: [
      floats('two', [], [2]),
      integers('four', [4], []),
      integers('one', [1], []),
      floats('zero', [], [0]),
    ],
  });
}

describe('differentiate: models that mislead a naive walk', () => {
  test('If: the branch taken by a condition on shapes is differentiated, outer tensors it captures included', async () => {
    const byShape = (expected: string): NodeDescription[] => [
      node('Shape', ['x'], 'shape'),
      node('Gather', ['shape', 'one'], 'width'),
      node('Equal', ['width', expected], 'condition'),
    ];
    expect(await gradientOf(branching(byShape('four')), image([1, 2, 3, 4]), [1, 1, 1, 1])).toEqual([
      12, 12, 12, 12,
    ]);
    expect(await gradientOf(branching(byShape('one')), image([1, 2, 3, 4]), [1, 1, 1, 1])).toEqual([
      16, 16, 16, 16,
    ]);
  });

  test('If: a condition on pixels is refused, naming the node', async () => {
    const byPixels = [
      node('ReduceSum', ['x'], 'sum', { keepdims: 0 }),
      node('Greater', ['sum', 'zero'], 'condition'),
    ];
    expect(await refusal(branching(byPixels))).toMatch(/If "\/chosen\/If".*depends on the picture/);
  });

  test('constants behind Identity and in every form of Constant node', async () => {
    const bytes = smallModel({
      nodes: [
        node('Identity', ['w'], 'shared'),
        node('Constant', [], 'shape', { value_ints: [2, 2] }),
        node('Constant', [], 'three', { value_float: { float: 3 } }),
        node('Constant', [], 'bias', { value: { tensor: { dims: [2], dataType: 'float32', data: [1, 1] } } }),
        node('Reshape', ['x', 'shape'], 'square'),
        node('MatMul', ['square', 'shared'], 'm'),
        node('Mul', ['m', 'three'], 'scaled'),
        node('Mul', ['scaled', 'bias'], 'y'),
      ],
      initializers: [floats('w', [2, 2], [1, 2, 3, 4])],
    });
    expect(await gradientOf(bytes, image([1, 1, 1, 1]), [1, 0, 0, 1])).toEqual([3, 9, 6, 12]);
  });

  test('weights that the graph computes from constants are taken from the probe', async () => {
    const bytes = smallModel({
      nodes: [
        node('Exp', ['w'], 'positive'),
        node('Transpose', ['positive'], 'kernel'),
        node('MatMul', ['x', 'kernel'], 'y'),
      ],
      initializers: [floats('w', [2, 4], [0, 0, 0, 0, 1, 1, 1, 1])],
    });
    const found = await gradientOf(bytes, image([1, 2, 3, 4]), [1, 1]);
    for (const value of found) expect(value).toBeCloseTo(1 + Math.E, 5);
    expect((await differentiate(bytes, { ort, wrt: ['x'] })).taps).toEqual([]);
  });

  test('IR 3: initializers that are also inputs are weights', async () => {
    const bytes = smallModel({
      nodes: [node('Mul', ['x', 'w'], 'y')],
      initializers: [floats('w', [4], [1, 2, 3, 4])],
      extraInputs: [{ name: 'w', dataType: 'float32', shape: [4] }],
      ir: 3,
      opset: 8,
    });
    expect(await gradientOf(bytes, image([1, 1, 1, 1]), [1, 1, 1, 1])).toEqual([1, 2, 3, 4]);
  });

  test('ceil_mode pool whose last window would start in the padding', async () => {
    const bytes = smallModel({
      nodes: [node('MaxPool', ['x'], 'y', { kernel_shape: [2], strides: [2], pads: [1, 1], ceil_mode: 1 })],
      input: { name: 'x', dataType: 'float32', shape: [1, 1, 4] },
    });
    const session = await ort.InferenceSession.create(bytes);
    const x = image([4, 3, 2, 1], [1, 1, 4]);
    const { dims } = (await session.run({ x }))['y']!;
    expect(await gradientOf(bytes, x, [1, 10, 100].slice(0, dims[2]))).toEqual([1, 10, 0, 100]);
  });

  test('a bare Squeeze that drops the batch axis of a single picture: planned for that batch', async () => {
    const bytes = smallModel({
      nodes: [node('Mul', ['x', 'x'], 's'), node('Squeeze', ['s'], 'y')],
      input: { name: 'x', dataType: 'float32', shape: ['N', 1, 4] },
    });
    const plan = await differentiate(bytes, { ort, wrt: ['x'], inputShape: [1, 1, 4] });
    expect(plan.inputDims).toEqual([1, 1, 4]);
    expect(await gradientOf(bytes, image([1, 2, 3, 4], [1, 1, 4]), [1, 1, 1, 1])).toEqual([2, 4, 6, 8]);
    expect(await gradientOf(bytes, image([1, 2, 3, 4, 5, 6, 7, 8], [2, 1, 4]), new Array(8).fill(1))).toEqual(
      [2, 4, 6, 8, 10, 12, 14, 16],
    );
  });

  test('an operand that is broadcast along the batch: one plan, summed over the pictures', async () => {
    const bytes = smallModel({
      nodes: [
        node('ReduceMean', ['x'], 'm', { axes: [0], keepdims: 1 }),
        node('Mul', ['x', 'm'], 'p'),
        node('Identity', ['p'], 'y'),
      ],
      input: { name: 'x', dataType: 'float32', shape: ['N', 2] },
    });
    // y = x · mean x: one picture has y = x².
    expect(await gradientOf(bytes, image([3, 5], [1, 2]), [1, 1])).toEqual([6, 10]);
    expect(await gradientOf(bytes, image([3, 5, 1, 7], [2, 2]), [1, 1, 1, 1])).toEqual([4, 12, 4, 12]);
  });

  test('half-precision weights and activations: the backward model computes in float32', async () => {
    const half = { dataType: 'float16' as const };
    const bytes = smallModel({
      nodes: [
        node('Cast', ['x'], 'h', { to: 10 }),
        node('Mul', ['h', 'w'], 'p'),
        node('Sigmoid', ['p'], 's'),
        node('Cast', ['s'], 'y', { to: 1 }),
      ],
      initializers: [{ name: 'w', dims: [4], ...half, data: floatsToHalves([1, 2, 3, 4]) }],
    });
    const found = await gradientOf(bytes, image([0, 0, 0, 0]), [1, 1, 1, 1], { from: 'output' });
    expect(found).toEqual([0.25, 0.5, 0.75, 1]);
    const plan = await differentiate(bytes, { ort, wrt: ['x'], from: 'output' });
    expect(plan.taps).toEqual([{ name: 's', dims: [1, 4], dataType: 'float16' }]);
  });

  test('weights in external data', async () => {
    const bytes = smallModel({
      nodes: [node('MatMul', ['x', 'w'], 'y')],
      initializers: [
        {
          name: 'w',
          dims: [4, 1],
          dataType: 'float32',
          external: { location: 'w.data', offset: 4, length: 16 },
        },
      ],
    });
    const externalData = new Map([['w.data', new Uint8Array(Float32Array.of(9, 1, 2, 3, 4).buffer)]]);
    expect(await gradientOf(bytes, image([1, 1, 1, 1]), [2], { externalData })).toEqual([2, 4, 6, 8]);
    await expect(differentiate(bytes, { ort, wrt: ['x'] })).rejects.toThrow(/w\.data/);
  });
});

describe('differentiate: what it refuses', () => {
  test('an operator without a rule: op, node, count and where it works again', async () => {
    const bytes = smallModel({
      nodes: [
        node('Relu', ['x'], 'early'),
        node('Reshape', ['early', 'shape'], 'square'),
        node('Det', ['square'], 'late'),
        node('Relu', ['late'], 'y'),
      ],
      initializers: [integers('shape', [1, 2, 2])],
    });
    const message = await refusal(bytes, { wrt: ['early'] });
    expect(message).toMatch(/Det "\/late\/Det" \(1 in the model\)/);
    expect(message).toContain('; layers from "late" on work, and gradient-free methods at every layer.');
    await expect(differentiate(bytes, { ort, wrt: ['late'] })).resolves.toBeDefined();
  });

  test('a custom operator, by domain', async () => {
    const bytes = smallModel({
      nodes: [{ ...node('Gelu', ['x'], 'g'), domain: 'com.microsoft' }, node('Relu', ['g'], 'y')],
      domains: { 'com.microsoft': 1 },
    });
    expect(await refusal(bytes)).toMatch(/com\.microsoft\.Gelu "\/g\/Gelu"/);
  });

  test('a variant without a rule, by its attribute', async () => {
    const bytes = smallModel({
      nodes: [node('Einsum', ['x'], 'y', { equation: 'ii->i' })],
      input: { name: 'x', dataType: 'float32', shape: [4, 4] },
    });
    expect(await refusal(bytes, { inputShape: [4, 4] })).toMatch(/Einsum "\/y\/Einsum".*ii->i.*diagonal/);
  });

  test('a parameter that depends on pixels: it would be another one for the next picture', async () => {
    const bytes = smallModel({
      nodes: [
        node('ArgMax', ['x'], 'best', { axis: 1, keepdims: 0 }),
        node('Add', ['best', 'one'], 'end'),
        node('Slice', ['x', 'best', 'end', 'one'], 'y'),
      ],
      initializers: [integers('one', [1])],
    });
    expect(await refusal(bytes)).toMatch(/Slice "\/y\/Slice".*input 1 \("best"\) depends on the image/);
  });

  test('a shape that depends on pixels', async () => {
    const bytes = smallModel({
      nodes: [
        node('ArgMax', ['x'], 'best', { axis: 1, keepdims: 0 }),
        node('Concat', ['best', 'four'], 'shape', { axis: 0 }),
        node('Expand', ['x', 'shape'], 'y'),
      ],
      initializers: [integers('four', [4])],
    });
    expect(await refusal(bytes)).toMatch(/Expand "\/y\/Expand".*input 1 \("shape"\) depends on the image/);
  });

  test('a gradient into what only steers: a second way through an exponent', async () => {
    const bytes = smallModel({
      nodes: [node('Pow', ['two', 'x'], 'y')],
      initializers: [floats('two', [], [2])],
    });
    expect(await refusal(bytes)).toMatch(/Pow "\/y\/Pow".*into its input 1/);
  });

  test('Dropout and BatchNormalization in training mode', async () => {
    const bytes = smallModel({
      nodes: [node('Dropout', ['x', 'ratio', 'training'], 'y')],
      initializers: [floats('ratio', [], [0.5]), { name: 'training', dims: [], dataType: 'bool', data: [1] }],
    });
    expect(await refusal(bytes)).toMatch(/Dropout "\/y\/Dropout".*training mode/);
  });

  test('a tensor that the scores do not depend on', async () => {
    const bytes = smallModel({ nodes: [node('Floor', ['x'], 'f'), node('Exp', ['f'], 'y')] });
    expect(await refusal(bytes)).toMatch(/"x".*do not depend on it/);
  });

  test('an unknown tensor, a wrong input shape, a fired signal', async () => {
    const bytes = smallModel({ nodes: [node('Relu', ['x'], 'y')] });
    await expect(differentiate(bytes, { ort, wrt: ['layer9'] })).rejects.toThrow(/"layer9"/);
    await expect(differentiate(bytes, { ort, wrt: ['x'], inputShape: [1, 5] })).rejects.toThrow(
      /\[1,4\].*\[1,5\]/,
    );
    const signal = AbortSignal.abort();
    await expect(differentiate(bytes, { ort, wrt: ['x'], signal })).rejects.toMatchObject({
      code: 'ABORTED',
    });
  });
});
