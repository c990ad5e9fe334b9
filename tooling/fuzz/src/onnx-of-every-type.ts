import { type OnnxTensor, writeModel } from '@hybridcam/onnx';
import { bytesPerElement, DATA_TYPE_CODE } from '../../../packages/onnx/src/proto/data-type.ts';
import { concatenate, MessageWriter } from '../../../packages/onnx/src/proto/message-writer.ts';

/** The file in which tensors of `onnxOfEveryType` lie. */
export const externalFiles: ReadonlyMap<string, Uint8Array> = new Map([
  ['weights.bin', Uint8Array.from({ length: 128 }, (_, i) => 37 * i)],
]);

type Type = keyof typeof DATA_TYPE_CODE;
const types = Object.keys(DATA_TYPE_CODE) as Type[];
/** Types of which TensorProto has a field with numbers. */
const FLOAT_DATA = 4;
const INT32_DATA = 5;
const STRING_DATA = 6;
const INT64_DATA = 7;
const DOUBLE_DATA = 10;
const UINT64_DATA = 11;
/** Float8, 4-bit integers, and no type at all: later than our table, or nothing. */
const OTHER_CODES = [0, 17, 19, 21, 22, 23];

/**
 * Small models whose initializers are of one element type each, as raw bytes, in the typed fields of TensorProto (packed and not) and in
 * another file, with and without a length; and one with attributes of every kind, subgraphs, functions, a sparse initializer and values that
 * are no tensors. Small, so that a change meets what counts.
 */
export function onnxOfEveryType(): Uint8Array[] {
  const byType = types.map((type) => {
    const size = bytesPerElement(type);
    if (size === undefined) return withInitializers(typed(type));
    const raw = tensor('raw', type, (message) => message.bytes(9, bits(4 * size)));
    const external = tensor('external', type, (message) => elsewhere(message, 4 * size));
    const open = tensor('open', type, (message) => elsewhere(message, undefined));
    return withInitializers([raw, external, open, ...typed(type)]);
  });
  const others = OTHER_CODES.map((code) =>
    copied('other', new MessageWriter().integer(1, 4).integer(2, code).string(8, 'other').bytes(9, bits(4))),
  );
  return [...byType, withInitializers(others), concatenate([withEveryAttribute(), further()])];
}

function withInitializers(initializers: readonly OnnxTensor[]): Uint8Array {
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'x', dataType: 'float32', shape: [1] }],
      outputs: [{ name: 'y' }],
      initializers: initializers.map((copy) => ({ copy })),
      nodes: [{ opType: 'Abs', inputs: ['x'], outputs: ['y'] }],
    },
  });
}

function withEveryAttribute(): Uint8Array {
  return writeModel({
    opsets: { '': 17, 'ai.onnx': 17, 'com.example': 1 },
    metadata: { licence: 'none', ключ: 'значение 🙂' },
    graph: {
      name: 'every attribute',
      inputs: [{ name: 'x', dataType: 'float32', shape: ['n', undefined, 7] }],
      outputs: [{ name: 'y', dataType: 'float32', shape: [1] }, { name: 'untyped' }],
      valueInfos: [{ name: 'h', dataType: 'int64', shape: [] }],
      nodes: [
        {
          opType: 'If',
          domain: 'ai.onnx',
          inputs: ['x'],
          outputs: ['y'],
          metadata: { 'pkg.torch.onnx.name_scopes': "['', 'a']" },
          attributes: {
            int: -3,
            float: { float: 0.5 },
            text: 'linear',
            ints: [1, -1, 300],
            floats: { floats: [1.5, -2] },
            strings: { strings: ['a', 'б'] },
            value: { tensor: { dims: [2], dataType: 'int32', data: [1, -2] } },
            then_branch: { graph: branch('then') },
          },
        },
        { opType: 'Custom', domain: 'com.example', inputs: ['x', ''], outputs: ['untyped'] },
      ],
    },
  });
}

/** Files that are no ONNX models and are told from them by how they begin. */
export const notOnnx: readonly Uint8Array[] = [
  ...[
    '\u0089PNG',
    '\u00ff\u00d8\u00ff',
    'GIF8',
    'RIFF',
    'PK\u0003\u0004',
    '\u0080\u0002',
    '\u0089HDF',
    '\u001f\u008b',
    '%PDF',
  ],
  ...[
    'version https://git-lfs',
    'xxxxORTM',
    'xxxxTFL3',
    '\u0050\0\0\0\0\0\0\0{"a":1}',
    '<!doctype html>',
    '<svg>',
    '[1]',
  ],
  'a text file',
].map((head) => Uint8Array.from(`${head} and so on, for a while`, (character) => character.charCodeAt(0)));

function typed(type: Type): OnnxTensor[] {
  const name = 'typed';
  const integers = (field: number) => [
    tensor(name, type, (message) => {
      for (const value of [0, 1, 0x3c00, 0x7fff]) message.integer(field, value);
    }),
    tensor('packed', type, (message) => message.bytes(field, Uint8Array.of(0, 1, 0x80, 0x78, 0xff, 0xff, 3))),
  ];
  switch (type) {
    case 'float32':
    case 'complex64':
      return [
        tensor(name, type, (message) => {
          for (const value of [0, 1, -1, 1e30]) message.float(FLOAT_DATA, value);
        }),
        tensor('packed', type, (message) => message.bytes(FLOAT_DATA, bits(16))),
      ];
    case 'float64':
    case 'complex128':
      return [tensor(name, type, (message) => message.bytes(DOUBLE_DATA, bits(32)))];
    case 'string':
      return [
        tensor(name, type, (message) => {
          for (const text of ['a', 'б', '', '🙂']) message.string(STRING_DATA, text);
        }),
      ];
    case 'int64':
      return integers(INT64_DATA);
    case 'uint32':
    case 'uint64':
      return integers(UINT64_DATA);
    default:
      return integers(INT32_DATA);
  }
}

/** A TensorProto of four elements. */
function tensor(name: string, type: Type, fill: (message: MessageWriter) => void): OnnxTensor {
  const message = new MessageWriter()
    .integer(1, 2)
    .integer(1, 2)
    .integer(2, DATA_TYPE_CODE[type])
    .string(8, name);
  fill(message);
  return copied(name, message);
}

/** As `writeModel` copies it: only name and message count. */
function copied(name: string, message: MessageWriter): OnnxTensor {
  const bytes = message.finish();
  return { name, dims: [], dataType: 'other', message: bytes, rawData: undefined, external: undefined };
}

function elsewhere(message: MessageWriter, length: number | undefined): void {
  const entries = {
    location: 'weights.bin',
    offset: '16',
    ...(length === undefined ? {} : { length: String(length) }),
  };
  for (const [key, value] of Object.entries(entries))
    message.message(13, new MessageWriter().string(1, key).string(2, value));
  message.integer(14, 1);
}

/** Halves among them that are zero, subnormal, infinite and NaN. */
function bits(length: number): Uint8Array {
  const pattern = [0, 0, 1, 0, 0, 0x7c, 1, 0xfe, 0, 0x3c, 0xcd, 0xbc];
  return Uint8Array.from({ length }, (_, i) => pattern[i % pattern.length]!);
}

function branch(name: string) {
  return {
    name,
    nodes: [{ opType: 'Relu', inputs: ['x'], outputs: [`${name}_y`] }],
    outputs: [{ name: `${name}_y` }],
  };
}

/** What `writeModel` does not write: appended, as protobuf merges it. */
function further(): Uint8Array {
  const sparse = new MessageWriter().message(
    1,
    new MessageWriter().integer(1, 1).integer(2, 1).string(8, 'sparse'),
  );
  const sequence = new MessageWriter()
    .string(1, 'sequence')
    .message(2, new MessageWriter().message(4, new MessageWriter().integer(1, 1)));
  const inner = new MessageWriter().message(1, node('Abs', 'x', 'inner'));
  const graphs = new MessageWriter()
    .string(1, 'graphs')
    .message(11, inner)
    .message(11, inner)
    .integer(20, 10);
  const untold = new MessageWriter().string(1, 'untold').integer(3, 5);
  const strange = new MessageWriter().string(1, 'strange').integer(20, 12);
  const several = node('Several', 'x', 'z').message(5, graphs).message(5, untold).message(5, strange);
  const graph = new MessageWriter().message(15, sparse).message(13, sequence).message(1, several);
  const made = new MessageWriter().string(1, 'Made').string(10, 'com.example');
  return new MessageWriter().message(7, graph).message(25, made).finish();
}

function node(opType: string, input: string, output: string): MessageWriter {
  return new MessageWriter().string(1, input).string(2, output).string(4, opType);
}
