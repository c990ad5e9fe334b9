import { createHash } from 'node:crypto';
import {
  CamError,
  LayerNotFoundError,
  NonFiniteError,
  OptionError,
  ShapeError,
  UnsupportedError,
  view,
} from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  createOnnxModel,
  floatsToHalves,
  type GraphDescription,
  type OnnxModelOptions,
  readOnnx,
  tensorFloats,
  writeModel,
} from '../src/index.ts';
import { LINEAR_HEAD, randomFloats, TOY_MAP, type ToyOptions, toyModel } from './toy-model.ts';

const image = (batch = 1, seed = 1) => view(randomFloats(seed, batch * 192), [batch, 3, 8, 8]);
const sha256Of = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const oneHot = (index: number, classes = 5) => {
  const cotangent = new Float32Array(classes);
  cotangent[index] = 1;
  return view(cotangent, [1, classes]);
};
const create = (toy: ToyOptions = {}, options: Partial<OnnxModelOptions> = {}) =>
  createOnnxModel(toyModel(toy), { ort, name: 'toy.onnx', ...options });
const head = (
  nodes: NonNullable<GraphDescription['nodes']>,
  initializers: NonNullable<GraphDescription['initializers']> = [],
): ToyOptions => ({
  head: {
    nodes: [...LINEAR_HEAD.nodes!, ...nodes],
    initializers: [...LINEAR_HEAD.initializers!, ...initializers],
  },
});
const error = async (attempt: Promise<unknown>): Promise<CamError> => {
  const outcome = await attempt.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(outcome).toBeInstanceOf(CamError);
  return outcome as CamError;
};

describe('createOnnxModel: what it knows of a model', () => {
  test('identity, input, classes and layers', async () => {
    const model = await create({}, { labels: ['a', 'b', 'c', 'd', 'e'] });
    expect(model.identity.runtime).toMatch(/^onnxruntime-node \d+\.\d+\.\d+ \(cpu\)$/);
    expect(model.identity.name).toBe('toy.onnx');
    // A plain file has the hash that anybody can check.
    expect(model.identity.sha256).toBe(sha256Of(toyModel()));
    expect(model.input).toEqual({ name: 'input', channels: 3, height: 8, width: 8, batch: undefined });
    expect(model.classCount).toBe(5);
    expect(model.labels).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(model.defaultLayer).toBe('block');
    expect(
      model.layers.map(({ name, shape, stride, parameterCount }) => [name, shape, stride, parameterCount]),
    ).toEqual([
      ['stem.conv', [4, 8, 8], 1, 112],
      ['stem', [4, 8, 8], 1, 112],
      ['block.conv', [6, 4, 4], 2, 334],
      ['block', [6, 4, 4], 2, 334],
    ]);
    expect(model.resolveLayer('block').gradient).toBe('constant');
    await model.dispose();
  });

  test('a layer answers to module path, tensor, node and "last"', async () => {
    const model = await create();
    for (const name of ['block', TOY_MAP, '/block/Relu', 'last']) {
      expect(model.resolveLayer(name).name).toBe('block');
    }
    await model.dispose();
  });

  test.each([
    ['blok', 'Did you mean "block"'],
    ['logits', 'it is no map [batch, channels, height, width] of float values: [1, 5]'],
    ['fc.weight', 'it is a weight'],
    ['input', 'it is the input itself'],
    ['layer4', 'Spatial layers: stem.conv [4×8×8], stem [4×8×8], block.conv [6×4×4], block [6×4×4].'],
  ])('resolveLayer("%s") says why not', async (name, says) => {
    const model = await create();
    expect(() => model.resolveLayer(name)).toThrow(LayerNotFoundError);
    expect(() => model.resolveLayer(name)).toThrow(says);
    await model.dispose();
  });

  test('a layer that does not influence the scores is told apart', async () => {
    const model = await create(
      {
        ...head([{ opType: 'Relu', inputs: [TOY_MAP], outputs: ['beside'] }]),
        outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 5] }, { name: 'beside' }],
      },
      { output: 'logits' },
    );
    expect(() => model.resolveLayer('beside')).toThrow('it does not influence the scores');
    await model.dispose();
  });
});

describe('createOnnxModel: logits', () => {
  const reference = async (): Promise<Float32Array> => {
    const model = await create();
    const { logits } = await model.forward(image());
    await model.dispose();
    return logits.data;
  };

  test.each(['Softmax', 'LogSoftmax', 'Sigmoid'])(
    'before a final %s, also behind Identity and Reshape',
    async (opType) => {
      const toy = head(
        [
          { opType: 'Identity', inputs: ['logits'], outputs: ['same'] },
          { opType, inputs: ['same'], outputs: ['active'] },
          { opType: 'Reshape', inputs: ['active', 'shape'], outputs: ['scores'] },
        ],
        [{ name: 'shape', dims: [2], dataType: 'int64', data: [-1, 5] }],
      );
      const model = await create({
        ...toy,
        outputs: [{ name: 'scores', dataType: 'float32', shape: ['batch', 5] }],
      });
      const pass = await model.forward(image());
      expect(pass.scoreKind).toBe('logit');
      expectClose(pass.logits.data, await reference(), {});
      await model.dispose();
    },
  );

  test('probabilities that no softmax makes are called so', async () => {
    const toy = head([
      { opType: 'Exp', inputs: ['logits'], outputs: ['exp'] },
      { opType: 'ReduceL1', inputs: ['exp'], outputs: ['sum'], attributes: { axes: [1] } },
      { opType: 'Div', inputs: ['exp', 'sum'], outputs: ['scores'] },
    ]);
    const model = await create({
      ...toy,
      outputs: [{ name: 'scores', dataType: 'float32', shape: ['batch', 5] }],
    });
    expect((await model.forward(image())).scoreKind).toBe('probability');
    await model.dispose();
  });

  test('of several outputs the one with scores is taken, or asked for', async () => {
    const second: ToyOptions = {
      ...head([
        { opType: 'Softmax', inputs: ['logits'], outputs: ['probabilities'] },
        { opType: 'Mul', inputs: ['flat', 'flat'], outputs: ['embedding'] },
      ]),
    };
    const flat = (name: string) => ({ name, dataType: 'float32', shape: ['batch', 5] }) as const;
    const same = await create({ ...second, outputs: [flat('logits'), flat('probabilities')] });
    expectClose((await same.forward(image())).logits.data, await reference(), {});
    await same.dispose();
    const two = {
      ...second,
      outputs: [flat('probabilities'), { ...flat('embedding'), shape: ['batch', 6] }],
    };
    const refusal = await error(create(two));
    expect(refusal).toBeInstanceOf(OptionError);
    expect(refusal.message).toContain('"probabilities", "embedding"');
    const named = await create(two, { output: 'probabilities' });
    expectClose((await named.forward(image())).logits.data, await reference(), {});
    await named.dispose();
    expect((await error(create(two, { output: 'nothing' }))).message).toContain('received "nothing"');
  });
});

describe('createOnnxModel: forms of models', () => {
  const expected = async () => {
    const model = await create();
    const pass = await model.forward(image(), { layers: ['last'] });
    const gradient = (await pass.gradients(['last'], oneHot(2))).get('last')!;
    await model.dispose();
    return { logits: pass.logits.data, map: pass.activations('last').data, gradient: gradient.data };
  };
  const agrees = async (
    bytes: Uint8Array,
    tolerance: number,
    options: Partial<OnnxModelOptions> = {},
  ): Promise<void> => {
    const model = await createOnnxModel(bytes, { ort, name: 'toy', ...options });
    const pass = await model.forward(image(), { layers: ['last'] });
    const gradient = (await pass.gradients(['last'], oneHot(2))).get('last')!;
    const want = await expected();
    expectClose(pass.logits.data, want.logits, { relativeToMax: tolerance });
    expectClose(pass.activations('last').data, want.map, { relativeToMax: tolerance });
    expectClose(gradient.data, want.gradient, { relativeToMax: tolerance });
    expect(pass.activations('last').shape).toEqual([1, 6, 4, 4]);
    await model.dispose();
  };

  test('overridable initializers (IR 3) are no inputs', async () => {
    const extraInputs = readOnnx(toyModel()).graph.initializers.map(({ name, dims }) => ({
      name,
      dataType: 'float32' as const,
      shape: dims,
    }));
    await agrees(toyModel({ ir: 3, opset: 11, extraInputs }), 0);
  });

  test('channels-last input, and a channels-last map under the pooling', async () => {
    const nodes = [
      { opType: 'Transpose', inputs: ['input'], outputs: ['nchw'], attributes: { perm: [0, 3, 1, 2] } },
      ...readToyTrunk('nchw'),
      { opType: 'Transpose', inputs: [TOY_MAP], outputs: ['nhwc'], attributes: { perm: [0, 2, 3, 1] } },
      {
        opType: 'ReduceMean',
        inputs: ['nhwc'],
        outputs: ['flat'],
        attributes: { axes: [1, 2], keepdims: 0 },
      },
      LINEAR_HEAD.nodes!.at(-1)!,
    ];
    const bytes = writeModel({
      opsets: { '': 17 },
      graph: {
        inputs: [{ name: 'input', dataType: 'float32', shape: ['batch', 8, 8, 3] }],
        outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 5] }],
        nodes,
        initializers: readOnnx(toyModel()).graph.initializers.map((copy) => ({ copy })),
      },
    });
    await agrees(bytes, 1e-6);
  });

  test('float16 with float32 input, and float16 throughout', async () => {
    const { graph } = readOnnx(toyModel());
    const initializers = graph.initializers.map((tensor) => ({
      name: tensor.name,
      dims: tensor.dims,
      dataType: 'float16' as const,
      data: floatsToHalves(tensorFloats(tensor)),
    }));
    const half = (input: 'float32' | 'float16'): Uint8Array =>
      writeModel({
        opsets: { '': 17 },
        graph: {
          inputs: [{ name: 'input', dataType: input, shape: ['batch', 3, 8, 8] }],
          outputs: [{ name: 'scores', dataType: input, shape: ['batch', 5] }],
          nodes: [
            { opType: 'Cast', inputs: ['input'], outputs: ['half'], attributes: { to: 10 } },
            ...readToyTrunk('half'),
            ...LINEAR_HEAD.nodes!,
            {
              opType: 'Cast',
              inputs: ['logits'],
              outputs: ['scores'],
              attributes: { to: input === 'float16' ? 10 : 1 },
            },
          ],
          initializers,
        },
      });
    await agrees(half('float32'), 3e-3);
    await agrees(half('float16'), 3e-3);
  });

  test('weights in external data, by the name the model uses', async () => {
    const { graph } = readOnnx(toyModel());
    const parts = graph.initializers.map(({ rawData }) => rawData!);
    const file = Buffer.concat(parts);
    let offset = 0;
    const initializers = graph.initializers.map(({ name, dims, dataType }, i) => {
      const external = { location: '../weights.bin', offset, length: parts[i]!.length };
      offset += parts[i]!.length;
      return { name, dims, dataType, external };
    });
    const bytes = writeModel({
      opsets: { '': 17 },
      graph: {
        inputs: graph.inputs,
        outputs: graph.outputs,
        nodes: [...readToyTrunk('input'), ...LINEAR_HEAD.nodes!],
        initializers,
      },
    });
    await agrees(bytes, 0, { externalData: new Map([['../weights.bin', file]]) });
    const identity = async (files: readonly (readonly [string, Uint8Array])[], sha256?: string) => {
      const model = await createOnnxModel(bytes, { ort, name: 'toy', externalData: new Map(files), sha256 });
      await model.dispose();
      return model.identity.sha256;
    };
    const other = new Uint8Array(file);
    other[3]! ^= 1;
    const hash = await identity([['../weights.bin', file]]);
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    // Other weights are another model; what the model does not name is none of it; a known hash is that of the one file only.
    expect(await identity([['../weights.bin', other]])).not.toBe(hash);
    const unused = ['a.bin', other] as const;
    expect(await identity([unused, ['../weights.bin', file]])).toBe(hash);
    expect(await identity([['../weights.bin', file]], sha256Of(bytes))).toBe(hash);
    expect(hash).not.toBe(sha256Of(bytes));
    const missing = await error(createOnnxModel(bytes, { ort, name: 'toy' }));
    expect(missing.code).toBe('NOT_FOUND');
    expect(missing.message).toContain('"../weights.bin"; received none');
    const wrong = createOnnxModel(bytes, {
      ort,
      name: 'toy',
      externalData: new Map([['weights.bin', file]]),
    });
    expect((await error(wrong)).message).toContain('received "weights.bin"');
  });

  test('any image size, where the model takes any', async () => {
    const model = await create({ input: { name: 'input', dataType: 'float32', shape: ['n', 3, 'h', 'w'] } });
    expect(model.input).toMatchObject({ height: undefined, width: undefined });
    expect(model.resolveLayer('last')).toMatchObject({
      name: 'block',
      shape: undefined,
      gradient: 'constant',
    });
    const pass = await model.forward(view(randomFloats(1, 3 * 12 * 20), [1, 3, 12, 20]), {
      layers: ['last'],
    });
    expect(pass.activations('last').shape).toEqual([1, 6, 6, 10]);
    await model.dispose();
  });

  test('weights quantised to int8 with a float head', async () => {
    const { initializers } = readOnnx(toyModel()).graph;
    const fc = tensorFloats(initializers.find(({ name }) => name === 'fc.weight')!);
    const toy: ToyOptions = {
      head: {
        nodes: [
          {
            opType: 'DequantizeLinear',
            inputs: ['q', 'scale', 'zero'],
            outputs: ['fc.weight'],
            attributes: { axis: 0 },
          },
          ...LINEAR_HEAD.nodes!,
        ],
        initializers: [
          {
            name: 'q',
            dims: [5, 6],
            dataType: 'int8',
            data: Int8Array.from(fc, (v) => Math.round(v * 100) + 3),
          },
          { name: 'scale', dims: [5], dataType: 'float32', data: new Float32Array(5).fill(0.01) },
          { name: 'zero', dims: [5], dataType: 'int8', data: new Int8Array(5).fill(3) },
          LINEAR_HEAD.initializers![1]!,
        ],
      },
    };
    await agrees(toyModel(toy), 2e-2);
  });

  test('a quantised head is named as what blocks', async () => {
    const quantise = { name: 'zero', dims: [], dataType: 'uint8', data: [0] } as const;
    const scale = { name: 'scale', dims: [], dataType: 'float32', data: [0.1] } as const;
    const [pool, flatten, gemm] = LINEAR_HEAD.nodes!;
    const model = await create({
      head: {
        nodes: [
          pool!,
          { opType: 'QuantizeLinear', inputs: ['pooled', 'scale', 'zero'], outputs: ['q'], name: 'quantise' },
          { opType: 'DequantizeLinear', inputs: ['q', 'scale', 'zero'], outputs: ['dq'] },
          { ...flatten!, inputs: ['dq'] },
          gemm!,
        ],
        initializers: [...LINEAR_HEAD.initializers!, quantise, scale],
      },
    });
    const layer = model.resolveLayer('last');
    expect(layer.gradient).toBe('unavailable');
    expect(layer.blockedBy).toContain('QuantizeLinear');
    const pass = await model.forward(image(), { layers: ['last'] });
    const refusal = await error(pass.gradients(['last'], oneHot(0)));
    expect(refusal).toBeInstanceOf(UnsupportedError);
    expect(refusal.message).toContain('QuantizeLinear');
    await model.dispose();
  });

  test('an If that takes the map from outside is no global pooling of it', async () => {
    const branch = (name: string, factor: number): GraphDescription => ({
      name,
      nodes: [
        {
          opType: 'Constant',
          inputs: [],
          outputs: [`${name}_c`],
          attributes: { value_float: { float: factor } },
        },
        {
          opType: 'ReduceMax',
          inputs: [TOY_MAP],
          outputs: [`${name}_m`],
          attributes: { axes: [1, 2, 3], keepdims: 0 },
        },
        { opType: 'Mul', inputs: [`${name}_m`, `${name}_c`], outputs: [`${name}_y`] },
      ],
      outputs: [{ name: `${name}_y`, dataType: 'float32' }],
    });
    const [pool, flatten, gemm] = LINEAR_HEAD.nodes!;
    const model = await create({
      head: {
        nodes: [
          pool!,
          flatten!,
          {
            opType: 'If',
            inputs: ['condition'],
            outputs: ['extra'],
            attributes: { then_branch: { graph: branch('a', 1) }, else_branch: { graph: branch('b', 2) } },
          },
          { ...gemm!, outputs: ['product'] },
          { opType: 'Add', inputs: ['product', 'extra'], outputs: ['logits'] },
        ],
        initializers: [
          ...LINEAR_HEAD.initializers!,
          { name: 'condition', dims: [], dataType: 'bool', data: [1] },
        ],
      },
    });
    // The map reaches the scores beside the pooling: the closed form would be wrong by the If's part.
    expect(model.resolveLayer(TOY_MAP).gradient).not.toBe('constant');
    await model.dispose();
  });
});

describe('createOnnxModel: bad input', () => {
  test.each<[string, ToyOptions['input'], string]>([
    ['text input', { name: 'ids', dataType: 'int64', shape: ['n', 128] }, '"ids" int64 [n, 128]'],
    ['vector input', { name: 'x', dataType: 'float32', shape: ['n', 10] }, '"x" float32 [n, 10]'],
    ['byte input', { name: 'x', dataType: 'uint8', shape: [1, 3, 8, 8] }, 'float input'],
    ['many channels', { name: 'x', dataType: 'float32', shape: [1, 80, 8, 8] }, 'no image classifier'],
  ])('%s', async (_, input, says) => {
    const refusal = await error(create({ input: input! }));
    expect(refusal).toBeInstanceOf(UnsupportedError);
    expect(refusal.message).toContain(says);
  });

  test('several inputs', async () => {
    const refusal = await error(create({ extraInputs: [{ name: 'mask', dataType: 'float32', shape: [1] }] }));
    expect(refusal).toBeInstanceOf(UnsupportedError);
    expect(refusal.message).toContain('"mask" float32 [1]');
  });

  test('a model that gives the class instead of scores', async () => {
    const toy = head([{ opType: 'ArgMax', inputs: ['logits'], outputs: ['class'], attributes: { axis: 1 } }]);
    const refusal = await error(
      create({ ...toy, outputs: [{ name: 'class', dataType: 'int64', shape: ['n', 1] }] }),
    );
    expect(refusal).toBeInstanceOf(UnsupportedError);
    expect(refusal.message).toContain('"class" (int64)');
  });

  test('labels of the wrong count, with both counts', async () => {
    const refusal = await error(create({}, { labels: ['a', 'b'] }));
    expect(refusal).toBeInstanceOf(OptionError);
    expect(refusal.message).toContain('one label per class, 5; received 2');
  });

  test('an operator that the runtime does not know', async () => {
    const refusal = await error(create(head([{ opType: 'NoSuchOp', inputs: ['logits'], outputs: ['x'] }])));
    expect(refusal.code).toBe('RUNTIME');
    expect(refusal.message).toContain('NoSuchOp');
    expect(refusal.cause).toBeInstanceOf(Error);
  });

  test('an infinity in the pooled map shows in the scores, even where the class weights of its channel are 0', async () => {
    // The map itself is not looked through: of a dense head finite scores are enough.
    const gain = Float32Array.of(Number.POSITIVE_INFINITY, 1, 1, 1, 1, 1);
    const weights = Float32Array.from({ length: 30 }, (_, i) => (i % 6 === 0 ? 0 : 0.1 * i));
    const model = await create({
      head: {
        nodes: [
          { opType: 'Mul', inputs: [TOY_MAP, 'gain'], outputs: ['steep'] },
          { opType: 'GlobalAveragePool', inputs: ['steep'], outputs: ['pooled'] },
          { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
          { opType: 'Gemm', inputs: ['flat', 'weights'], outputs: ['logits'], attributes: { transB: 1 } },
        ],
        initializers: [
          { name: 'gain', dims: [1, 6, 1, 1], dataType: 'float32', data: gain },
          { name: 'weights', dims: [5, 6], dataType: 'float32', data: weights },
        ],
      },
    });
    expect(model.resolveLayer('steep').gradient).toBe('constant');
    const refusal = await error(model.forward(image(), { layers: ['steep'] }));
    expect(refusal).toBeInstanceOf(NonFiniteError);
    expect(refusal.message).toContain('tensor "logits"; received 5 of 5');
    expect(refusal.message).toContain('Weight "gain"');
    await model.dispose();
  });

  test('a weight that is NaN is named', async () => {
    const bad = new Float32Array(6).fill(Number.NaN);
    const toy = head(
      [{ opType: 'Add', inputs: ['logits', 'damaged'], outputs: ['scores'] }],
      [{ name: 'damaged', dims: [5], dataType: 'float32', data: bad.subarray(1) }],
    );
    const model = await create({
      ...toy,
      outputs: [{ name: 'scores', dataType: 'float32', shape: ['n', 5] }],
    });
    const refusal = await error(model.forward(image()));
    expect(refusal).toBeInstanceOf(NonFiniteError);
    expect(refusal.message).toContain('tensor "scores"; received 5 of 5');
    expect(refusal.message).toContain('Weight "damaged"');
    await model.dispose();
  });

  test('an input of another size, with both shapes', async () => {
    const model = await create();
    const refusal = await error(model.forward(view(new Float32Array(3 * 9 * 9), [1, 3, 9, 9])));
    expect(refusal).toBeInstanceOf(ShapeError);
    expect(refusal.message).toContain('[batch, 3, 8, 8]; received [1, 3, 9, 9]');
    await model.dispose();
  });

  test('an aborted signal', async () => {
    const refusal = await error(create({}, { signal: AbortSignal.abort('enough') }));
    expect(refusal.code).toBe('ABORTED');
    expect(refusal.cause).toBe('enough');
  });

  test('bytes that are no model', async () => {
    const refusal = await error(createOnnxModel(new Uint8Array(0), { ort, name: 'empty' }));
    expect(refusal.code).toBe('MODEL_FORMAT');
  });
});

/** The toy's four trunk nodes, reading another tensor. */
function readToyTrunk(input: string): NonNullable<GraphDescription['nodes']> {
  return readOnnx(toyModel())
    .graph.nodes.slice(0, 4)
    .map(({ opType, name, inputs, outputs, attributes }) => ({
      opType,
      name,
      inputs: inputs.map((tensor) => (tensor === 'input' ? input : tensor)),
      outputs,
      attributes: Object.fromEntries(
        [...attributes].flatMap(([key, attribute]) =>
          attribute.kind === 'ints' ? [[key, attribute.value]] : [],
        ),
      ),
    }));
}
