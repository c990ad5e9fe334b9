import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel, fileFacts, type InitializerDescription, readOnnx } from '../../src/index.ts';
import { LINEAR_HEAD, toyModel, weight } from '../toy-model.ts';

describe('fileFacts', () => {
  test('tell what the file says about itself', () => {
    const bytes = toyModel();
    expect(fileFacts(readOnnx(bytes))).toEqual({
      bytes: bytes.length,
      irVersion: 8,
      opsets: { onnx: 17 },
      producer: 'hybridcam',
      nodes: 7,
      operators: { Conv: 2, Relu: 2, GlobalAveragePool: 1, Flatten: 1, Gemm: 1 },
      weights: {
        tensors: 6,
        // 3·4·9 + 4, 4·6·9 + 6, 6·5 + 5
        parameters: 369,
        bytes: 1476,
        dataTypes: ['float32'],
        externalFiles: [],
      },
      inputs: [{ name: 'input', dataType: 'float32', shape: ['batch', 3, 8, 8] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 5] }],
    });
  });
});

describe('facts of a classifier', () => {
  const facts = async (head: Parameters<typeof toyModel>[0]) => {
    const model = await createOnnxModel(toyModel(head), { ort, name: 'toy' });
    await model.dispose();
    return model.facts;
  };

  test('a pooling and a linear layer', async () => {
    expect(await facts({})).toMatchObject({
      inputLayout: 'nchw',
      inputType: 'float32',
      scores: { output: 'logits', tensor: 'logits' },
      strippedActivation: null,
      head: {
        operators: ['GlobalAveragePool', 'Flatten', 'Gemm'],
        closedForm: true,
        linear: true,
        reason: null,
      },
    });
  });

  test('a softmax that was stripped', async () => {
    const nodes = [...LINEAR_HEAD.nodes!];
    nodes[2] = { ...nodes[2]!, outputs: ['raw'] };
    nodes.push({ opType: 'Softmax', inputs: ['raw'], outputs: ['logits'] });
    expect(await facts({ head: { ...LINEAR_HEAD, nodes } })).toMatchObject({
      scores: { output: 'logits', tensor: 'raw' },
      strippedActivation: 'Softmax',
      head: { operators: ['GlobalAveragePool', 'Flatten', 'Gemm'], linear: true },
    });
  });

  test('a head without a closed form says why', async () => {
    const nodes = [...LINEAR_HEAD.nodes!];
    const [pool, flatten, gemm] = nodes;
    nodes.splice(
      0,
      3,
      pool!,
      { ...flatten!, outputs: ['vector'] },
      { opType: 'Mod', name: '/wrap', inputs: ['vector', 'one'], outputs: ['flat'], attributes: { fmod: 1 } },
      gemm!,
    );
    const one: InitializerDescription = { name: 'one', dims: [1], dataType: 'float32', data: [1] };
    const { head } = await facts({ head: { nodes, initializers: [...LINEAR_HEAD.initializers!, one] } });
    expect(head).toMatchObject({ closedForm: false, linear: false });
    expect(head.reason).toMatch(/^Mod "\/wrap": /);
  });
});

describe('cost of layers', () => {
  test('is 1 in closed form, else 1 and the share of the multiplications behind the layer', async () => {
    const model = await createOnnxModel(toyModel(), { ort, name: 'toy' });
    const cost = (name: string): number | undefined => model.resolveLayer(name).cost;
    // Values of each output times the multiplications of one: 4·64·27, 6·16·36, 5·6.
    const [stem, block, head] = [6912, 3456, 30];
    expect(cost('block')).toBe(1);
    expect(cost('/block/conv/Conv_output_0')).toBeCloseTo(1 + head / (stem + block + head), 12);
    expect(cost('stem')).toBeCloseTo(1 + (block + head) / (stem + block + head), 12);
    await model.dispose();
  });

  test('counts both products where both operands of one depend on the layer', async () => {
    const head = {
      nodes: [
        { opType: 'Flatten', inputs: ['/block/Relu_output_0'], outputs: ['row'] },
        { opType: 'Transpose', inputs: ['row'], outputs: ['column'], attributes: { perm: [1, 0] } },
        { opType: 'MatMul', inputs: ['row', 'column'], outputs: ['square'] },
        { opType: 'MatMul', inputs: ['square', 'out'], outputs: ['logits'] },
      ],
      initializers: [weight('out', [1, 5], 9)],
    };
    const input = { name: 'input', dataType: 'float32', shape: [1, 3, 8, 8] } as const;
    const outputs = [{ name: 'logits', dataType: 'float32', shape: [1, 5] }] as const;
    const model = await createOnnxModel(toyModel({ head, input, outputs }), { ort, name: 'toy' });
    const behind = 2 * 96 + 5;
    expect(model.resolveLayer('block').cost).toBeCloseTo(1 + behind / (6912 + 3456 + 96 + 5), 12);
    await model.dispose();
  });
});
