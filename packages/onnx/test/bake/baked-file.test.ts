import { gradCam, layerCam, normalize, view } from '@hybridcam/core';
import * as node from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  appendToModel,
  type BakeOptions,
  bakeMethods,
  bakeModel,
  createOnnxModel,
  readOnnx,
  writeModel,
} from '../../src/index.ts';
import { LINEAR_HEAD, TOY_MAP, toyModel, weight } from '../toy-model.ts';
import { bakedDifference, images, runPlain } from './baked-run.ts';

const dims = [2, 3, 8, 8];
const image = images(1, dims);
const bake = (options: Partial<BakeOptions> = {}, bytes = toyModel()): Promise<Uint8Array> =>
  bakeModel(bytes, { ort: node, ...options });
const run = async (options: Partial<BakeOptions>, feeds: { class?: number[]; alpha?: number[] } = {}) =>
  runPlain(node, await bake(options), { image, dims, ...feeds });

describe('the file bakeModel makes', () => {
  test('is the original bytes with a tail, and says what it is', async () => {
    const bytes = toyModel();
    const baked = await bake({ method: 'cross-layer-hybrid', alpha: 0.4, normalize: 'max' }, bytes);
    expect(baked.subarray(0, bytes.length)).toEqual(bytes);
    expect(Object.fromEntries(readOnnx(baked).metadata)).toEqual({
      'hybridcam.version': expect.stringMatching(/^\d+\.\d+\.\d+/),
      'hybridcam.method': 'cross-layer-hybrid',
      'hybridcam.layers': 'block,stem',
      'hybridcam.tensors': `${TOY_MAP},/stem/Relu_output_0`,
      'hybridcam.alpha': '0.4',
      'hybridcam.normalize': 'max',
      'hybridcam.class': 'argmax',
      'hybridcam.input': 'anyx3x8x8',
    });
  });

  test.each([
    [[undefined, undefined], 'block,stem'],
    [['stem', undefined], 'stem,stem'],
    [[undefined, 'block'], 'block,block'],
  ] as const)('fills layers %j of the cross-layer hybrid in as %s', async (layers, filled) => {
    const baked = await bake({ method: 'cross-layer-hybrid', layers });
    expect(readOnnx(baked).metadata.get('hybridcam.layers')).toBe(filled);
  });

  test('returns the original outputs bit for bit', async () => {
    const baked = await run({ layers: ['stem'] });
    expect(baked['logits']!.data).toEqual(
      (await runPlain(node, toyModel(), { image, dims }))['logits']!.data,
    );
  });

  test('holds no weight twice', async () => {
    const head = {
      ...LINEAR_HEAD,
      initializers: [weight('fc.weight', [5000, 6], 7), weight('fc.bias', [5000], 8)],
    };
    const outputs = [{ name: 'logits', dataType: 'float32' as const, shape: ['batch', 5000] }];
    const bytes = toyModel({ head, outputs });
    const baked = await bake({ layers: ['block'] }, bytes);
    // The list of 5000 class numbers is 40 kB; the weights would be 120.
    expect(baked.length - bytes.length).toBeLessThan(60_000);
  });

  test.each([11, 12, 13, 18])('adds nothing that nothing reads, opset %i', async (opset) => {
    const bytes = toyModel({ opset });
    const own = readOnnx(bytes).graph;
    const ownTensors = new Set([
      ...own.nodes.flatMap((node) => node.outputs),
      ...own.initializers.map(({ name }) => name),
    ]);
    for (const method of bakeMethods) {
      const outputs = ['saliency', 'activations', 'gradients'] as const;
      const { graph } = readOnnx(await bake({ method, outputs, inputs: ['class'] }, bytes));
      const read = new Set([
        ...graph.nodes.flatMap(({ inputs }) => inputs),
        ...graph.outputs.map(({ name }) => name),
      ]);
      const made = [
        ...graph.nodes.flatMap((node) => node.outputs),
        ...graph.initializers.map(({ name }) => name),
      ].filter((name) => !ownTensors.has(name));
      expect(made.length).toBeGreaterThan(20);
      expect(made.filter((name) => !read.has(name))).toEqual([]);
    }
  });

  test('explains each image of a batch as if it were alone', async () => {
    const bytes = await bake({ normalize: 'max', layers: ['stem'] });
    const both = (await runPlain(node, bytes, { image, dims }))['cam']!;
    for (const n of [0, 1]) {
      const alone = image.subarray(n * 192, (n + 1) * 192);
      const one = (await runPlain(node, bytes, { image: alone, dims: [1, 3, 8, 8] }))['cam']!;
      expect(one.dims).toEqual([1, 8, 8]);
      const worst = Math.max(...one.data.map((value, i) => Math.abs(value - both.data[n * 64 + i]!)));
      expect(worst).toBeLessThan(1e-6);
      expect(Math.max(...one.data)).toBe(1);
    }
  });

  test('gives activations and gradients of the layer, channels first', async () => {
    const result = await run({ layers: ['stem'], method: 'grad-cam', outputs: ['activations', 'gradients'] });
    expect(result['activations']!.dims).toEqual([2, 4, 8, 8]);
    expect(result['gradients']!.dims).toEqual([2, 4, 8, 8]);
    const slice = (name: string) => view(result[name]!.data.subarray(256), [4, 8, 8]);
    const expected = gradCam(slice('activations'), slice('gradients')).data;
    const actual = result['cam']!.data.subarray(64);
    const max = Math.max(...expected);
    expect(Math.max(...actual.map((value, i) => Math.abs(value - expected[i]!)))).toBeLessThan(1e-6 * max);
  });

  test('numbers the tensors of two layers in their order', async () => {
    const result = await run({ method: 'cross-layer-hybrid', outputs: ['gradients', 'saliency'] });
    expect(
      Object.fromEntries(Object.entries(result).map(([name, { dims: shape }]) => [name, shape])),
    ).toEqual({
      logits: [2, 5],
      cam: [2, 8, 8],
      gradients_1: [2, 6, 4, 4],
      gradients_2: [2, 4, 8, 8],
      saliency: [2, 8, 8],
    });
  });

  test.each([11, 12, 13, 15, 17, 18, 20, 21, 23, 26])('is right at opset %i', async (opset) => {
    const bytes = toyModel({ opset });
    const model = await createOnnxModel(bytes, { ort: node, name: 'toy.onnx' });
    try {
      for (const method of ['hybrid', 'xgrad-cam', 'grad-cam-plus-plus'] as const) {
        const worst = await bakedDifference({
          model,
          ort: node,
          bytes,
          layers: ['stem'],
          method,
          normalize: 'minmax',
        });
        expect(worst.cam).toBeLessThan(1e-5);
        expect(worst.saliency).toBeLessThan(1e-5);
      }
    } finally {
      await model.dispose();
    }
  });

  test('alpha 1 and 0 are exactly Grad-CAM and LayerCAM by their maxima', async () => {
    const ends = { 1: gradCam, 0: layerCam };
    for (const [alpha, method] of Object.entries(ends)) {
      for (const options of [
        { alpha: Number(alpha) },
        { inputs: ['alpha'], requiredInputs: true } as const,
      ]) {
        const feeds = 'inputs' in options ? { alpha: [Number(alpha)] } : {};
        const result = await run(
          { ...options, layers: ['stem'], outputs: ['activations', 'gradients'] },
          feeds,
        );
        const slice = (name: string) => view(result[name]!.data.subarray(0, 256), [4, 8, 8]);
        const expected = normalize(method(slice('activations'), slice('gradients'))).data;
        const worst = Math.max(...expected.map((value, i) => Math.abs(value - result['cam']!.data[i]!)));
        expect(worst).toBeLessThan(1e-6);
      }
    }
  });

  test('is 0 everywhere where there is no positive evidence, never NaN', async () => {
    const negative = weight('fc.weight', [5, 6], 7);
    if (!('data' in negative)) throw new Error('no data');
    const data = Float32Array.from(negative.data as Float32Array, (value) => -Math.abs(value));
    const head = { ...LINEAR_HEAD, initializers: [{ ...negative, data }, weight('fc.bias', [5], 8)] };
    for (const kind of ['none', 'max', 'minmax'] as const) {
      const baked = await bake({ normalize: kind, outputs: ['saliency'] }, toyModel({ head }));
      const result = await runPlain(node, baked, { image, dims });
      expect([...result['cam']!.data, ...result['saliency']!.data].every((value) => value === 0)).toBe(true);
    }
  });

  test('is as good on a picture that is black', async () => {
    const baked = await bake({ normalize: 'minmax', layers: ['stem'], method: 'xgrad-cam' });
    const result = await runPlain(node, baked, { image: new Float32Array(192), dims: [1, 3, 8, 8] });
    expect(result['cam']!.data.every(Number.isFinite)).toBe(true);
  });
});

describe('inputs of a baked file', () => {
  const options = { inputs: ['class', 'alpha'], requiredInputs: true, layers: ['stem'] } as const;
  const cam = async (feeds: { class: number[]; alpha: number[] }) => (await run(options, feeds))['cam']!.data;

  test('class: one for all, or one for each image; -1 is the best', async () => {
    const fixed = async (classIndex: number | undefined) =>
      (await run({ layers: ['stem'], classIndex }))['cam']!.data;
    const [two, four, best] = [await fixed(2), await fixed(4), await fixed(undefined)];
    expect(two).not.toEqual(four);
    expect(await cam({ class: [2], alpha: [0.7] })).toEqual(two);
    expect(await cam({ class: [-1], alpha: [0.7] })).toEqual(best);
    const mixed = await cam({ class: [2, 4], alpha: [0.7] });
    expect(mixed.subarray(0, 64)).toEqual(two.subarray(0, 64));
    expect(mixed.subarray(64)).toEqual(four.subarray(64));
  });

  test('alpha: one for all, or one for each image', async () => {
    const fixed = async (alpha: number) => (await run({ layers: ['stem'], alpha }))['cam']!.data;
    const [low, high] = [await fixed(0.25), await fixed(0.75)];
    const mixed = await cam({ class: [-1], alpha: [0.25, 0.75] });
    expect(mixed.subarray(0, 64)).toEqual(low.subarray(0, 64));
    expect(mixed.subarray(64)).toEqual(high.subarray(64));
  });

  test('what is out of range stops the run and says why', async () => {
    const wrongClass = /class must be -1 or from 0 to 4/;
    const wrongAlpha = /alpha must be from 0 to 1/;
    for (const index of [5, -2])
      await expect(cam({ class: [index], alpha: [0.7] })).rejects.toThrow(wrongClass);
    await expect(cam({ class: [0, 5], alpha: [0.7] })).rejects.toThrow(wrongClass);
    for (const alpha of [1.01, -0.01, Number.NaN]) {
      await expect(cam({ class: [0], alpha: [alpha] })).rejects.toThrow(wrongAlpha);
    }
  });

  test('have defaults that stand in for what is not fed', async () => {
    const plain = await run({ layers: ['stem'], classIndex: 3, alpha: 0.2 });
    const optional = await run({ layers: ['stem'], classIndex: 3, alpha: 0.2, inputs: ['class', 'alpha'] });
    expect(optional['cam']!.data).toEqual(plain['cam']!.data);
  });

  test('cannot have defaults before IR 4', async () => {
    const old = toyModel({ opset: 11, ir: 3 });
    await expect(bake({ inputs: ['class'] }, old)).rejects.toThrow(/IR/);
    expect(readOnnx(await bake({ inputs: ['class'], requiredInputs: true }, old)).irVersion).toBe(3);
  });
});

describe('bakeModel starts from the logits', () => {
  const head = {
    nodes: [
      ...LINEAR_HEAD.nodes!.slice(0, 2),
      { ...LINEAR_HEAD.nodes![2]!, outputs: ['raw'] },
      { opType: 'Softmax', inputs: ['raw'], outputs: ['logits'], attributes: { axis: 1 } },
    ],
    initializers: LINEAR_HEAD.initializers!,
  } as const;

  test('of a model that ends in a softmax', async () => {
    const plain = await run({ layers: ['stem'], method: 'grad-cam' });
    const baked = await bake({ layers: ['stem'], method: 'grad-cam' }, toyModel({ head }));
    const result = await runPlain(node, baked, { image, dims });
    expect(result['cam']!.data).toEqual(plain['cam']!.data);
    expect([...result['logits']!.data.subarray(0, 5)].reduce((a, b) => a + b)).toBeCloseTo(1, 5);
  });
});

describe('bakeModel where the model leaves its size open', () => {
  const open = toyModel({ input: { name: 'input', dataType: 'float32', shape: ['batch', 3, 'h', 'w'] } });

  test('asks for inputSize and works at that size alone', async () => {
    await expect(bake({}, open)).rejects.toThrow(/inputSize/);
    const baked = await bake({ inputSize: [6, 10], layers: ['stem'] }, open);
    const good = await runPlain(node, baked, { image: image.subarray(0, 180), dims: [1, 3, 6, 10] });
    expect(good['cam']!.dims).toEqual([1, 6, 10]);
    // As many numbers, but other axes: would pass a reshape.
    for (const wrong of [
      [1, 3, 10, 6],
      [1, 3, 8, 8],
      [1, 3, 12, 10],
    ]) {
      const size = wrong.reduce((a, b) => a * b);
      await expect(
        runPlain(node, baked, { image: images(2, wrong).subarray(0, size), dims: wrong }),
      ).rejects.toThrow(/baked for inputs of anyx3x6x10/);
    }
  });

  test('refuses a size that the model does not have', async () => {
    await expect(bake({ inputSize: [9, 9] })).rejects.toThrow(/as the model declares/);
    await expect(bake({ inputSize: [0, 9] }, open)).rejects.toThrow(/inputSize/);
  });
});

describe('bakeModel refuses', () => {
  const cases: [string, Partial<BakeOptions>, RegExp][] = [
    ['a method without gradient arithmetic', { method: 'eigen-cam' as never }, /singular value/],
    ['a method that needs a forward pass per channel', { method: 'ablation-cam' as never }, /left out/],
    ['a method that is none', { method: 'gradcam' as never }, /grad-cam/],
    ['alpha where nothing is mixed', { method: 'grad-cam', alpha: 0.5 }, /Only the hybrids/],
    ['an alpha out of range', { alpha: 1.2 }, /from 0 to 1/],
    ['a class there is not', { classIndex: 5 }, /from 0 to 4/],
    ['half a class', { classIndex: 0.5 }, /whole number/],
    ['two layers for one', { layers: ['block', 'stem'] }, /one layer/],
    ['one layer for two', { method: 'cross-layer-hybrid', layers: ['block'] }, /two layers/],
    ['a layer there is not', { layers: ['blok'] }, /block/],
    ['an input there is not', { inputs: ['klass' as never] }, /class/],
    ['an output there is not', { outputs: ['salience' as never] }, /saliency/],
  ];
  test.each(cases)('%s', async (_, options, message) => {
    await expect(bake(options)).rejects.toThrow(message);
  });

  test('opsets before 11, naming them', async () => {
    for (const opset of [9, 10]) {
      await expect(bake({}, toyModel({ opset }))).rejects.toThrow(new RegExp(`opset ${opset}.*convert`));
    }
  });

  test('names that the model has, unless they get a prefix; and a file that is baked already', async () => {
    const taken = toyModel({
      head: {
        ...LINEAR_HEAD,
        nodes: [...LINEAR_HEAD.nodes!, { opType: 'Relu', inputs: ['pooled'], outputs: ['cam'] }],
      },
    });
    await expect(bake({}, taken)).rejects.toThrow(/"cam".*prefix/);
    expect(readOnnx(await bake({ prefix: 'my_' }, taken)).graph.outputs.at(-1)!.name).toBe('my_cam');
    await expect(bake({}, await bake({}))).rejects.toThrow(/baked already/);
  });

  test('a layer that no gradient reaches, naming the node', async () => {
    const bytes = toyModel();
    const blocked = appendToModel(bytes, {
      nodes: [{ opType: 'Round', name: 'round', inputs: ['logits'], outputs: ['rounded'] }],
    });
    expect(readOnnx(blocked).graph.nodes.at(-1)!.opType).toBe('Round');
    const graph = {
      inputs: [{ name: 'input', dataType: 'float32' as const, shape: [1, 3, 8, 8] }],
      outputs: [{ name: 'logits', dataType: 'float32' as const, shape: [1, 4] }],
      nodes: [
        { opType: 'Conv', name: 'c', inputs: ['input', 'w'], outputs: ['map'] },
        { opType: 'Det', name: 'odd', inputs: ['map'], outputs: ['det'] },
        { opType: 'Flatten', inputs: ['det'], outputs: ['logits'] },
      ],
      initializers: [weight('w', [4, 3, 1, 1], 1)],
    };
    const odd = writeModel({ opsets: { '': 17 }, graph });
    for (const layers of [['map'], [undefined], undefined]) {
      await expect(bake({ layers }, odd)).rejects.toThrow(/a gradient at "map".*Det "odd"/);
    }
  });
});
