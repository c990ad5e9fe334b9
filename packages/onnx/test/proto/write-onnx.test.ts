import { OptionError } from '@hybridcam/core';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { appendToModel, readOnnx, tensorFloats, tensorNumbers, writeModel } from '../../src/index.ts';
import { randomFloats, TOY_MAP, toyModel } from '../toy-model.ts';

describe('writeModel', () => {
  test('what it writes is what readOnnx reads', () => {
    const bytes = writeModel({
      opsets: { '': 18, 'com.example': 2 },
      ir: 9,
      metadata: { licence: 'none', ключ: 'значение 🙂' },
      graph: {
        name: 'всё',
        inputs: [{ name: 'x', dataType: 'float16', shape: ['n', undefined, 7] }],
        outputs: [{ name: 'y' }],
        valueInfos: [{ name: 'h', dataType: 'int64', shape: [] }],
        nodes: [
          {
            opType: 'Custom',
            domain: 'com.example',
            name: 'node',
            inputs: ['x', '', 'w'],
            outputs: ['y'],
            metadata: { 'pkg.torch.onnx.name_scopes': "['', 'a']" },
            attributes: {
              int: -3,
              big: 9223372036854775807n,
              float: { float: 0.5 },
              text: 'linear',
              ints: [1, -1, 300],
              floats: { floats: [1.5, -2] },
              strings: { strings: ['a', 'б'] },
              value: { tensor: { dims: [2], dataType: 'int32', data: [1, -2] } },
            },
          },
        ],
        initializers: [{ name: 'w', dims: [2, 1], dataType: 'float16', data: [1, -0.5] }],
      },
    });
    const model = readOnnx(bytes);
    expect([...model.opsets]).toEqual([
      ['', 18],
      ['com.example', 2],
    ]);
    expect(model.metadata.get('ключ')).toBe('значение 🙂');
    expect(model.graph.name).toBe('всё');
    expect(model.graph.inputs).toEqual([{ name: 'x', dataType: 'float16', shape: ['n', undefined, 7] }]);
    expect(model.graph.outputs).toEqual([{ name: 'y', dataType: undefined, shape: undefined }]);
    expect(model.graph.valueInfos).toEqual([{ name: 'h', dataType: 'int64', shape: [] }]);
    const [node] = model.graph.nodes;
    expect(node!.domain).toBe('com.example');
    expect(node!.inputs).toEqual(['x', '', 'w']);
    expect(node!.metadata.get('pkg.torch.onnx.name_scopes')).toBe("['', 'a']");
    const plain = Object.fromEntries(
      [...node!.attributes].flatMap(([key, attribute]) =>
        'value' in attribute && attribute.kind !== 'tensor' ? [[key, attribute.value]] : [],
      ),
    );
    expect(plain).toEqual({
      int: -3,
      big: 2 ** 63,
      float: 0.5,
      text: 'linear',
      ints: [1, -1, 300],
      floats: [1.5, -2],
      strings: ['a', 'б'],
    });
    const value = node!.attributes.get('value');
    expect(value?.kind === 'tensor' && tensorNumbers(value.value)).toEqual([1, -2]);
    expect([...tensorFloats(model.graph.initializers[0]!)]).toEqual([1, -0.5]);
  });

  test('refuses data that do not fit the shape', () => {
    const write = (data: Float32Array): Uint8Array =>
      writeModel({
        opsets: { '': 17 },
        graph: { initializers: [{ name: 'w', dims: [2, 3], dataType: 'float32', data }] },
      });
    expect(() => write(new Float32Array(5))).toThrow(OptionError);
    expect(() => write(new Float32Array(5))).toThrow(
      '"w" [2,3] float32: expected 24 bytes of data; received 20',
    );
  });

  test('copies an initializer of another model, renamed', () => {
    const source = readOnnx(toyModel()).graph.initializers[0]!;
    const bytes = writeModel({
      opsets: { '': 17 },
      graph: {
        inputs: [{ name: 'x', dataType: 'float32', shape: [1] }],
        outputs: [{ name: 'y', dataType: 'float32', shape: [4, 3, 3, 3] }],
        nodes: [{ opType: 'Add', inputs: ['x', 'copy'], outputs: ['y'] }],
        initializers: [{ copy: source, name: 'copy' }],
      },
    });
    const copy = readOnnx(bytes).graph.initializers[0]!;
    expect(copy.name).toBe('copy');
    expect(tensorFloats(copy)).toEqual(tensorFloats(source));
  });
});

describe('appendToModel', () => {
  test('the original bytes stay, and ONNX Runtime gives the inner tensor', async () => {
    const original = toyModel();
    const bytes = appendToModel(original, {
      outputs: [{ name: TOY_MAP }, { name: 'doubled' }],
      nodes: [{ opType: 'Mul', inputs: ['logits', 'two'], outputs: ['doubled'] }],
      initializers: [{ name: 'two', dims: [], dataType: 'float32', data: [2] }],
    });
    expect(bytes.subarray(0, original.length)).toEqual(original);
    const session = await ort.InferenceSession.create(bytes);
    const result = await session.run({
      input: new ort.Tensor('float32', randomFloats(1, 2 * 3 * 64), [2, 3, 8, 8]),
    });
    expect(result[TOY_MAP]!.dims).toEqual([2, 6, 4, 4]);
    const logits = result['logits']!.data as Float32Array;
    expect(result['doubled']!.data).toEqual(logits.map((value) => 2 * value));
    await session.release();
  });
});
