import { CamError, LimitError, ModelFormatError } from '@hybridcam/core';
import { describe, expect, test } from 'vitest';
import {
  appendToModel,
  indexGraph,
  READ_LIMITS,
  readOnnx,
  tensorFloats,
  tensorNumbers,
  writeModel,
} from '../../src/index.ts';
import { toyModel } from '../toy-model.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
/** Everything the reader does with a file before a session is made. */
const read = (bytes: Uint8Array): unknown => {
  const graph = indexGraph(readOnnx(bytes));
  for (const tensor of graph.initializers.values()) {
    if (tensor.dataType === 'float32') tensorFloats(tensor);
  }
  return graph;
};

describe('readOnnx: what it reads', () => {
  test('names, opsets, shapes and attributes of a model', () => {
    const model = readOnnx(toyModel());
    expect(model.irVersion).toBe(8);
    expect(model.producer).toBe('hybridcam');
    expect([...model.opsets]).toEqual([['', 17]]);
    expect(model.graph.inputs).toEqual([{ name: 'input', dataType: 'float32', shape: ['batch', 3, 8, 8] }]);
    expect(model.graph.outputs[0]!.shape).toEqual(['batch', 5]);
    expect(model.graph.nodes.map(({ opType }) => opType)).toEqual([
      'Conv',
      'Relu',
      'Conv',
      'Relu',
      'GlobalAveragePool',
      'Flatten',
      'Gemm',
    ]);
    const [conv] = model.graph.nodes;
    expect(conv!.name).toBe('/stem/conv/Conv');
    expect(conv!.attributes.get('pads')).toEqual({ kind: 'ints', value: [1, 1, 1, 1] });
    expect(model.graph.initializers.map(({ name, dims }) => [name, dims])[0]).toEqual([
      'stem.conv.weight',
      [4, 3, 3, 3],
    ]);
  });

  test('weights are views of the file, also where it is a Node Buffer', () => {
    const bytes = Buffer.concat([Buffer.from('x'), toyModel()]).subarray(1);
    const { graph } = readOnnx(bytes);
    for (const { rawData, message } of graph.initializers) {
      expect(rawData!.buffer).toBe(bytes.buffer);
      expect(message.buffer).toBe(bytes.buffer);
    }
    expect(tensorFloats(graph.initializers[0]!)).toHaveLength(4 * 3 * 3 * 3);
  });

  test('an appended model is one graph', () => {
    const bytes = appendToModel(toyModel(), { outputs: [{ name: '/block/Relu_output_0' }] });
    expect(readOnnx(bytes).graph.outputs.map(({ name }) => name)).toEqual(['logits', '/block/Relu_output_0']);
  });

  test('numbers of every element type, negative and beyond 2^53', () => {
    const tensor = (dataType: 'int64' | 'int32' | 'int8' | 'uint8' | 'float64', data: ArrayBufferView) =>
      ({ name: dataType, dims: [3], dataType, data }) as const;
    const { graph } = readOnnx(
      toyModel({
        head: {
          nodes: [{ opType: 'Identity', inputs: ['/block/Relu_output_0'], outputs: ['logits'] }],
          initializers: [
            tensor('int64', BigInt64Array.of(-7n, 2n ** 63n - 1n, 5n)),
            tensor('int32', Int32Array.of(-7, 2 ** 31 - 1, 5)),
            tensor('int8', Int8Array.of(-7, 127, 5)),
            tensor('uint8', Uint8Array.of(7, 255, 5)),
            tensor('float64', Float64Array.of(-0.1, 1e300, 5)),
          ],
        },
      }),
    );
    const values = new Map(graph.initializers.slice(4).map((entry) => [entry.name, tensorNumbers(entry)]));
    expect(values.get('int64')).toEqual([-7, 2 ** 63, 5]);
    expect(values.get('int32')).toEqual([-7, 2 ** 31 - 1, 5]);
    expect(values.get('int8')).toEqual([-7, 127, 5]);
    expect(values.get('uint8')).toEqual([7, 255, 5]);
    expect(values.get('float64')).toEqual([-0.1, 1e300, 5]);
  });

  test('names that subgraphs take from outside', () => {
    const branch = (name: string) => ({
      name,
      nodes: [{ opType: 'Relu', inputs: ['x'], outputs: [`${name}_y`] }],
      outputs: [{ name: `${name}_y` }],
    });
    const bytes = writeModel({
      opsets: { '': 17 },
      graph: {
        inputs: [{ name: 'x', dataType: 'float32', shape: [1] }],
        outputs: [{ name: 'y', dataType: 'float32' }],
        initializers: [{ name: 'condition', dims: [], dataType: 'bool', data: [1] }],
        nodes: [
          {
            opType: 'If',
            inputs: ['condition'],
            outputs: ['y'],
            attributes: { then_branch: { graph: branch('a') }, else_branch: { graph: branch('b') } },
          },
        ],
      },
    });
    const graph = indexGraph(readOnnx(bytes));
    expect(graph.nodes[0]!.captured).toEqual(['x']);
    expect(graph.consumers.get('x')).toEqual([graph.nodes[0]]);
  });
});

describe('readOnnx: what is no model', () => {
  const png = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13);
  test.each([
    ['an empty file', new Uint8Array(0), 'empty file'],
    ['a PNG', png, 'PNG image'],
    ['a JPEG', Uint8Array.of(0xff, 0xd8, 0xff, 0xe0), 'JPEG image'],
    [
      'a Git LFS pointer',
      text('version https://git-lfs.github.com/spec/v1\noid sha256:00\n'),
      'git lfs pull',
    ],
    ['an HTML page', text('\n<!DOCTYPE html><html><body>404</body></html>'), 'HTML page'],
    ['JSON', text('{"modelTopology": {}}'), 'JSON text'],
    ['a text file', text('tench\ngoldfish\n'), 'a text file'],
    ['an ORT model', text('\x18\0\0\0ORTM\0\0'), 'ORT-format'],
    ['a zip', text('PK\x03\x04 archive/data.pkl'), 'ZIP archive'],
    ['a safetensors file', text('\x40\0\0\0\0\0\0\0{"fc.weight":{}}'), 'safetensors'],
    ['a TFLite model', text('\x1c\0\0\0TFL3'), 'TensorFlow Lite'],
    ['zeros', new Uint8Array(64), 'at byte 0'],
    ['a bare graph', writeModel({ opsets: {}, graph: {} }), 'without operator set version, nodes'],
  ])('%s is named', (_, bytes, says) => {
    expect(() => readOnnx(bytes)).toThrow(ModelFormatError);
    expect(() => readOnnx(bytes)).toThrow(says);
  });

  test('every prefix of a model is refused with a typed error', () => {
    const bytes = toyModel();
    for (let length = 0; length < bytes.length; length++) {
      expect(() => read(bytes.subarray(0, length)), `${length} bytes`).toThrow(ModelFormatError);
    }
    expect(() => read(bytes)).not.toThrow();
  });

  test('a truncated model says where and how much is missing', () => {
    const bytes = toyModel();
    expect(() => readOnnx(bytes.subarray(0, bytes.length - 100))).toThrow(
      /expected \d+ bytes for field 7 at byte \d+; received \d+\. The file is truncated/,
    );
  });

  test('a few thousand flipped bytes give a model or a typed error, quickly', () => {
    const original = toyModel();
    let state = 12345;
    const next = (bound: number): number => {
      state = (Math.imul(state, 1103515245) + 12345) >>> 0;
      return Math.floor((state / 2 ** 32) * bound);
    };
    let refused = 0;
    for (let round = 0; round < 4000; round++) {
      const bytes = original.slice();
      for (let flips = 1 + next(4); flips > 0; flips--) bytes[next(bytes.length)] = next(256);
      try {
        read(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(CamError);
        refused++;
      }
    }
    // Most bytes are weights, whose values may be anything.
    expect(refused).toBeGreaterThan(100);
  });

  test('random bytes are refused', () => {
    let state = 1;
    for (let round = 0; round < 500; round++) {
      const bytes = Uint8Array.from({ length: 200 }, () => {
        state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
        return state >>> 24;
      });
      expect(() => read(bytes)).toThrow(CamError);
    }
  });
});

describe('readOnnx: limits', () => {
  const varint = (value: number): number[] => {
    const bytes = [];
    for (let rest = value; ; rest = Math.floor(rest / 128)) {
      if (rest < 128) return [...bytes, rest];
      bytes.push((rest % 128) | 128);
    }
  };
  const field = (number: number, body: Uint8Array | number[]): number[] => [
    ...varint(number * 8 + 2),
    ...varint(body.length),
    ...body,
  ];

  test('subgraphs inside subgraphs end at subgraphDepth, not at the stack', () => {
    let graph: number[] = [];
    for (let depth = 0; depth < 200; depth++) {
      const attribute = field(5, field(6, graph));
      graph = field(1, [...field(4, [...text('If')]), ...attribute]);
    }
    const bytes = Uint8Array.from([8, 8, ...field(7, graph)]);
    expect(() => readOnnx(bytes)).toThrow(LimitError);
    expect(() => readOnnx(bytes)).toThrow(`at most ${READ_LIMITS.subgraphDepth} levels`);
  });

  test('millions of empty messages in a small file are refused', () => {
    const inputs = new Uint8Array(2 * (READ_LIMITS.items + 1));
    for (let i = 0; i < inputs.length; i += 2) inputs[i] = 11 * 8 + 2;
    const head = Uint8Array.from([8, 8, 7 * 8 + 2, ...varint(inputs.length)]);
    const bytes = new Uint8Array(head.length + inputs.length);
    bytes.set(head);
    bytes.set(inputs, head.length);
    expect(() => readOnnx(bytes)).toThrow(LimitError);
  });

  test('a tensor that claims more values than it has is refused before anything is allocated', () => {
    const bytes = toyModel({
      head: {
        nodes: [{ opType: 'Identity', inputs: ['/block/Relu_output_0'], outputs: ['logits'] }],
        initializers: [{ name: 'w', dims: [0], dataType: 'float32', data: [] }],
      },
    });
    const tensor = readOnnx(bytes).graph.initializers.find(({ name }) => name === 'w')!;
    const claim = { ...tensor, dims: [2 ** 40] };
    expect(() => tensorFloats(claim)).toThrow(ModelFormatError);
    expect(() => tensorFloats({ ...claim, rawData: undefined })).toThrow(ModelFormatError);
    // Of a type without a width nothing says how many bytes of another file it would take: 16 GB for a file of 308 bytes.
    const external = { location: 'weights.bin', offset: 0, length: undefined };
    const elsewhere = { ...claim, dims: [2 ** 32], rawData: undefined, external } as const;
    const files = new Map([['weights.bin', new Uint8Array(8)]]);
    for (const dataType of ['string', 'other', 'undefined'] as const)
      expect(() => tensorFloats({ ...elsewhere, dataType }, files)).toThrow(ModelFormatError);
  });

  test('tensors of too many axes are refused', () => {
    const bytes = toyModel({
      head: {
        nodes: [{ opType: 'Identity', inputs: ['/block/Relu_output_0'], outputs: ['logits'] }],
        initializers: [
          {
            name: 'w',
            dims: new Array<number>(READ_LIMITS.rank + 1).fill(1),
            dataType: 'float32',
            data: [1],
          },
        ],
      },
    });
    expect(() => readOnnx(bytes)).toThrow(LimitError);
  });
});
