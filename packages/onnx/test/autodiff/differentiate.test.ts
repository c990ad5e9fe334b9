import * as node_ from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, expect, test } from 'vitest';
import { createGradientSession, type DifferentiateOptions, differentiate } from '../../src/autodiff/index.ts';
import { floatsToHalves, type OrtRuntime, readOnnx } from '../../src/index.ts';
import { floats, integers, node, smallModel } from './small-model.ts';

web.env.wasm.numThreads = 1;
const ort: OrtRuntime = node_;

interface Asked extends Partial<DifferentiateOptions> {
  readonly x: readonly number[];
  readonly shape: readonly number[];
  readonly cotangent: readonly number[];
}

/** Gradient of each tensor of `wrt` (default: the input). */
async function gradientsOf(
  bytes: Uint8Array,
  { x, shape, cotangent, ...options }: Asked,
): Promise<Record<string, number[]>> {
  const session = await createGradientSession(bytes, { ort, wrt: ['x'], inputShape: shape, ...options });
  try {
    const runtime = options.ort ?? ort;
    const run = await session.run(new runtime.Tensor('float32', Float32Array.from(x), shape));
    const gradients = await run.gradients(Float32Array.from(cotangent));
    run.dispose();
    return Object.fromEntries([...gradients].map(([name, { data }]) => [name, [...data]]));
  } finally {
    await session.dispose();
  }
}

const relu = smallModel({
  nodes: [node('Relu', ['x'], 'r'), node('Mul', ['r', 'w'], 'y')],
  initializers: [floats('w', [4], [1, 2, 3, 4])],
});

describe('differentiate', () => {
  test('gives the backward model as a file of its own: cotangent and taps in, gradients out', async () => {
    const found = await differentiate(relu, { ort, wrt: ['x', 'r'] });
    const mask = 'hybridcam/positive/r';
    expect(found.taps).toEqual([{ name: mask, dims: [1, 4], dataType: 'bool', mask: { of: 'r' } }]);
    const backward = readOnnx(found.backwardModel);
    expect(backward.graph.inputs.map(({ name }) => name)).toEqual([found.cotangent.name, mask]);
    expect(backward.graph.outputs.map(({ name }) => name)).toEqual(found.gradients.map(({ name }) => name));
    expect(backward.opsets.get('')).toBe(17);
    const forward = readOnnx(found.forwardModel);
    expect(forward.graph.outputs.map(({ name }) => name)).toEqual(['y', 'r', mask]);
  });

  test('what is handed over as it is needs no mask beside it', async () => {
    // d(eʳ · r)/dx reads r itself; its mask is then made of that.
    const bytes = smallModel({
      nodes: [node('Relu', ['x'], 'r'), node('Exp', ['r'], 'e'), node('Mul', ['e', 'r'], 'y')],
    });
    const asked = { x: [-1, 2, 0, 1], shape: [1, 4], cotangent: [1, 1, 1, 1] };
    const { taps } = await differentiate(bytes, { ort, wrt: ['x'] });
    expect(taps.map(({ name }) => name).sort()).toEqual(['e', 'r']);
    const { x } = await gradientsOf(bytes, asked);
    const slope = (r: number): number => (r > 0 ? (1 + r) * Math.exp(r) : 0);
    asked.x.forEach((value, i) => {
      expect(x![i]).toBeCloseTo(slope(value), 5);
    });
  });

  test('a forward model with masks is a file like others: it can be differentiated again', async () => {
    const { forwardModel } = await differentiate(relu, { ort, wrt: ['x'] });
    const asked = { x: [-1, 2, 0, 3], shape: [1, 4], cotangent: [1, 1, 1, 10], output: 'y' };
    expect((await gradientsOf(forwardModel, asked))['x']).toEqual([0, 2, 0, 40]);
  });

  test.each([7, 13, 21])(
    'masks of halves, of two pictures, of a tensor given out too, at opset %i',
    async (opset) => {
      for (const dataType of ['float32', 'float16'] as const) {
        const bytes = smallModel({
          opset,
          input: { name: 'x', dataType, shape: ['n', 4] },
          output: { name: 'y', dataType },
          extraOutputs: [{ name: 'r', dataType }],
          nodes: [node('Relu', ['x'], 'r'), node('Mul', ['r', 'w'], 'y')],
          initializers: [{ name: 'w', dims: [1, 4], dataType, data: [1, 2, 3, 4] }],
        });
        const session = await createGradientSession(bytes, {
          ort,
          wrt: ['x'],
          inputShape: [1, 4],
          output: 'y',
        });
        expect(session.differentiated.taps.map(({ dims, dataType }) => [dims, dataType])).toEqual([
          [[undefined, 4], 'bool'],
        ]);
        const values = [-1, 2, 0, 3, 1, -2, 0, -3];
        const input = dataType === 'float32' ? Float32Array.from(values) : floatsToHalves(values);
        const run = await session.run(new ort.Tensor(dataType, input as Float32Array, [2, 4]));
        const { data } = (await run.gradients(new Float32Array(8).fill(1))).get('x')!;
        expect([...data]).toEqual([0, 2, 0, 4, 1, 0, 0, 0]);
        run.dispose();
        await session.dispose();
      }
    },
  );

  test.each([
    { opset: 7, dataType: 'float32' },
    { opset: 13, dataType: 'float32' },
    { opset: 13, dataType: 'float16' },
    { opset: 21, dataType: 'float64' },
  ] as const)(
    'of a Clip the mask of what lies between its bounds is handed over ($dataType, opset $opset)',
    async ({ opset, dataType }) => {
      const values = [-1, 0, 1e-4, 5.5, 6, 7];
      for (const [bounds, expected] of [
        [{ min: 0, max: 6 }, [0, 0, 1, 1, 0, 0]],
        [{ min: 0 }, [0, 0, 1, 1, 1, 1]],
        [{ max: 5.5 }, [1, 1, 1, 0, 0, 0]],
        [{ min: -1, max: 6 }, [0, 1, 1, 1, 0, 0]],
      ] as const) {
        const given: { min?: number; max?: number } = bounds;
        const attributes = Object.entries(given).map(([name, float]) => [name, { float }]);
        const inputs = (['min', 'max'] as const).map((name) => (given[name] === undefined ? '' : name));
        const bytes = smallModel({
          opset,
          input: { name: 'x', dataType, shape: ['n', 6] },
          output: { name: 'y', dataType },
          nodes: [
            opset < 11
              ? node('Clip', ['x'], 'r', Object.fromEntries(attributes))
              : node('Clip', ['x', ...inputs], 'r'),
            node('Mul', ['r', 'w'], 'y'),
          ],
          initializers: [
            { name: 'w', dims: [1], dataType, data: [1] },
            ...Object.entries(opset < 11 ? {} : given).map(([name, bound]) => ({
              name,
              dims: [],
              dataType,
              data: [bound],
            })),
          ],
        });
        const session = await createGradientSession(bytes, { ort, wrt: ['x'], inputShape: [1, 6] });
        const { taps } = session.differentiated;
        expect(taps.map(({ dims, dataType }) => [dims, dataType])).toEqual([[[undefined, 6], 'bool']]);
        const twice = [...values, ...values];
        const input = {
          float16: () => floatsToHalves(twice),
          float32: () => Float32Array.from(twice),
          float64: () => Float64Array.from(twice),
        }[dataType]() as Float32Array;
        const run = await session.run(new ort.Tensor(dataType, input, [2, 6]));
        const { data } = (await run.gradients(new Float32Array(12).fill(1))).get('x')!;
        expect([...data], JSON.stringify(bounds)).toEqual([...expected, ...expected]);
        run.dispose();
        await session.dispose();
      }
    },
  );

  test('on WebGPU the tensor itself is handed over', async () => {
    // A provider that this runtime lacks would be refused: it is asked for only until the rules are chosen.
    const runtime: OrtRuntime = {
      ...(ort as OrtRuntime),
      InferenceSession: {
        create: (bytes: Uint8Array) => ort.InferenceSession.create(bytes),
      } as unknown as OrtRuntime['InferenceSession'],
    };
    const sessionOptions = { executionProviders: ['webgpu'] };
    const { taps } = await differentiate(relu, { ort: runtime, wrt: ['x'], sessionOptions });
    expect(taps).toEqual([{ name: 'r', dims: [1, 4], dataType: 'float32' }]);
  });

  test('a mask is exact next to zero, and closed at either zero', async () => {
    const tiny = 1e-45;
    const found = await gradientsOf(relu, {
      x: [tiny, -tiny, -0, 0],
      shape: [1, 4],
      cotangent: [1, 1, 1, 1],
    });
    expect(found['x']).toEqual([1, 0, 0, 0]);
  });

  test.each([
    ['onnxruntime-node', node_ as OrtRuntime],
    ['onnxruntime-web (wasm)', web as OrtRuntime],
  ])('gives relu′(x) · w · c by %s', async (_, runtime) => {
    const found = await gradientsOf(relu, {
      x: [-1, 2, 0, 3],
      shape: [1, 4],
      cotangent: [1, 1, 1, 10],
      ort: runtime,
    });
    expect(found['x']).toEqual([0, 2, 0, 40]);
  });

  test('several tensors in one pass, one behind the other, and the scores themselves', async () => {
    const found = await gradientsOf(relu, {
      x: [-1, 2, 0, 3],
      shape: [1, 4],
      cotangent: [1, 1, 1, 10],
      wrt: ['y', 'r', 'x'],
    });
    expect(found).toEqual({ y: [1, 1, 1, 10], r: [1, 2, 3, 40], x: [0, 2, 0, 40] });
  });

  test('starts before a final softmax, or at the output when asked to', async () => {
    const bytes = smallModel({
      nodes: [node('Mul', ['x', 'x'], 'logits'), node('Softmax', ['logits'], 'y')],
    });
    const asked = { x: [1, 2, 0, 0], shape: [1, 4], cotangent: [1, 0, 0, 0] };
    expect((await gradientsOf(bytes, asked))['x']).toEqual([2, 0, 0, 0]);
    const [e1, e4] = [Math.exp(1), Math.exp(4)];
    const p = [e1, e4, 1, 1].map((v) => v / (e1 + e4 + 2));
    const found = (await gradientsOf(bytes, { ...asked, from: 'output' }))['x']!;
    [p[0]! * (1 - p[0]!) * 2, -p[0]! * p[1]! * 4, 0, 0].forEach((value, i) => {
      expect(found[i]).toBeCloseTo(value, 6);
    });
  });

  test('a layer with a connection around it: only what passes through it counts', async () => {
    const bytes = smallModel({
      nodes: [node('Mul', ['x', 'two'], 'layer'), node('Mul', ['layer', 'x'], 'y')],
      initializers: [floats('two', [], [2])],
    });
    const found = await gradientsOf(bytes, {
      x: [1, 2, 3, 4],
      shape: [1, 4],
      cotangent: [1, 1, 1, 1],
      wrt: ['layer', 'x'],
    });
    expect(found).toEqual({ layer: [1, 2, 3, 4], x: [4, 8, 12, 16] });
  });

  test('ties: MaxPool gives all to the first, ReduceMax and Max share evenly, as PyTorch does', async () => {
    const pool = smallModel({
      nodes: [node('MaxPool', ['x'], 'y', { kernel_shape: [2, 2], strides: [1, 1] })],
      input: { name: 'x', dataType: 'float32', shape: [1, 1, 2, 3] },
    });
    const tied = { x: [5, 5, 1, 5, 0, 1], shape: [1, 1, 2, 3], cotangent: [1, 10] };
    for (const maxPool of ['compare', 'indices'] as const) {
      expect((await gradientsOf(pool, { ...tied, maxPool }))['x'], maxPool).toEqual([1, 10, 0, 0, 0, 0]);
    }
    const reduce = smallModel({ nodes: [node('ReduceMax', ['x'], 'y', { axes: [1] })] });
    expect((await gradientsOf(reduce, { x: [3, 3, 1, 0], shape: [1, 4], cotangent: [8] }))['x']).toEqual([
      4, 4, 0, 0,
    ]);
    const max = smallModel({
      nodes: [node('Max', ['x', 'w'], 'y')],
      initializers: [floats('w', [4], [3, 0, 0, 0])],
    });
    expect(
      (await gradientsOf(max, { x: [3, 1, 0, -1], shape: [1, 4], cotangent: [2, 2, 2, 2] }))['x'],
    ).toEqual([1, 2, 1, 0]);
  });

  test('ReLU6 as Clip: no gradient at either bound', async () => {
    const bytes = smallModel({
      nodes: [node('Clip', ['x', 'low', 'high'], 'y')],
      initializers: [floats('low', [], [0]), floats('high', [], [6])],
    });
    expect(
      (await gradientsOf(bytes, { x: [0, 3, 6, 7], shape: [1, 4], cotangent: [1, 1, 1, 1] }))['x'],
    ).toEqual([0, 1, 0, 0]);
  });

  test('one plan for any batch, where that is proven', async () => {
    const bytes = smallModel({
      nodes: [
        node('Reshape', ['x', 'shape'], 'flat'),
        node('Relu', ['flat'], 'r'),
        node('Add', ['r', 'bias'], 'y'),
      ],
      initializers: [integers('shape', [0, -1]), floats('bias', [4], [0, 0, 0, 0])],
      input: { name: 'x', dataType: 'float32', shape: ['N', 2, 2] },
    });
    const plan = await differentiate(bytes, { ort, wrt: ['x'], inputShape: [1, 2, 2] });
    expect(plan.inputDims).toEqual([undefined, 2, 2]);
    const x = [1, -1, 2, -2, 3, 3, -3, 3, 1, 1, 1, -1];
    const found = await gradientsOf(bytes, { x, shape: [3, 2, 2], cotangent: x.map(() => 1) });
    expect(found['x']).toEqual(x.map((value) => (value > 0 ? 1 : 0)));
  });

  test('a node that counts pictures ties the plan to its batch', async () => {
    const bytes = smallModel({
      nodes: [node('Slice', ['x', 'start', 'end', 'axis'], 'y')],
      initializers: [integers('start', [0]), integers('end', [4]), integers('axis', [0])],
      input: { name: 'x', dataType: 'float32', shape: ['N', 2] },
    });
    const plan = await differentiate(bytes, { ort, wrt: ['x'], inputShape: [6, 2] });
    expect(plan.inputDims).toEqual([6, 2]);
    const found = await gradientsOf(bytes, {
      x: new Array(12).fill(1),
      shape: [6, 2],
      cotangent: [1, 1, 1, 1, 1, 1, 1, 1],
    });
    expect(found['x']).toEqual([1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0]);
  });

  test('open height and width: planned per size', async () => {
    const bytes = smallModel({
      nodes: [
        node('Conv', ['x', 'w'], 'c', { kernel_shape: [1, 1], strides: [2, 2] }),
        node('GlobalAveragePool', ['c'], 'y'),
      ],
      initializers: [floats('w', [1, 1, 1, 1], [3])],
      input: { name: 'x', dataType: 'float32', shape: [1, 1, 'H', 'W'] },
    });
    const three = await gradientsOf(bytes, { x: new Array(9).fill(0), shape: [1, 1, 3, 3], cotangent: [4] });
    expect(three['x']).toEqual([3, 0, 3, 0, 0, 0, 3, 0, 3]);
    const two = await gradientsOf(bytes, { x: new Array(4).fill(0), shape: [1, 1, 2, 2], cotangent: [4] });
    expect(two['x']).toEqual([12, 0, 0, 0]);
  });
});
