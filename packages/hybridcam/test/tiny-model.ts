import { type GraphDescription, type ModelDescription, writeModel } from '@hybridcam/onnx';

export const TINY_LABELS: readonly string[] = [
  'n00000001_ant',
  'n00000002_bee',
  'n00000003_cat',
  'n00000004_dog',
  'n00000005_elk',
];

/** Numbers in [−1, 1) that are the same everywhere. */
function noise(count: number, seed: number): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 31 - 1;
  });
}

export interface TinyModelOptions {
  /** Input extents [batch, channels, height, width]. */
  readonly shape?: readonly (number | string)[];
  /** Weights of the last layer. */
  readonly headWeight?: number;
}

/**
 * A classifier of five classes, small enough for a test and with all that a real one has: two convolutions with ReLU (16×16 and
 * 8×8 for a 32×32 input), global average pooling, a linear head.
 */
export function tinyModel(options: TinyModelOptions = {}): Uint8Array {
  return writeModel(tinyDescription(options));
}

export function tinyDescription({
  shape = ['N', 3, 32, 32],
  headWeight,
}: TinyModelOptions = {}): ModelDescription {
  const head = headWeight === undefined ? noise(60, 3) : new Float32Array(60).fill(headWeight);
  const graph: GraphDescription = {
    name: 'tiny',
    inputs: [{ name: 'image', dataType: 'float32', shape }],
    outputs: [{ name: 'logits', dataType: 'float32', shape: [shape[0], 5] }],
    initializers: [
      { name: 'first.weight', dims: [8, 3, 3, 3], dataType: 'float32', data: noise(216, 1) },
      {
        name: 'second.weight',
        dims: [12, 8, 3, 3],
        dataType: 'float32',
        data: noise(864, 2).map((value) => value / 3),
      },
      { name: 'head.weight', dims: [5, 12], dataType: 'float32', data: head },
      { name: 'head.bias', dims: [5], dataType: 'float32', data: [0.1, -0.1, 0.2, -0.2, 0] },
    ],
    nodes: [
      convolution('/first/Conv', 'image', 'first.weight', '/first/Conv_output_0'),
      {
        opType: 'Relu',
        name: '/first/Relu',
        inputs: ['/first/Conv_output_0'],
        outputs: ['/first/Relu_output_0'],
      },
      convolution('/second/Conv', '/first/Relu_output_0', 'second.weight', '/second/Conv_output_0'),
      {
        opType: 'Relu',
        name: '/second/Relu',
        inputs: ['/second/Conv_output_0'],
        outputs: ['/second/Relu_output_0'],
      },
      {
        opType: 'GlobalAveragePool',
        name: '/pool',
        inputs: ['/second/Relu_output_0'],
        outputs: ['/pool_output_0'],
      },
      { opType: 'Flatten', name: '/flatten', inputs: ['/pool_output_0'], outputs: ['/flatten_output_0'] },
      {
        opType: 'Gemm',
        name: '/head/Gemm',
        inputs: ['/flatten_output_0', 'head.weight', 'head.bias'],
        outputs: ['logits'],
        attributes: { transB: 1 },
      },
    ],
  };
  return { opsets: { '': 13 }, graph };
}

function convolution(name: string, input: string, weight: string, output: string) {
  return {
    opType: 'Conv',
    name,
    inputs: [input, weight],
    outputs: [output],
    attributes: { strides: [2, 2], pads: [1, 1, 1, 1], kernel_shape: [3, 3] },
  };
}

/** The tiny model with its first weights in another file, at `location`; `weights` are that file's bytes. */
export function tinyModelWithExternalData(location: string): { model: Uint8Array; weights: Uint8Array } {
  const description = tinyDescription();
  const initializers = description.graph.initializers!.map((tensor) =>
    'dims' in tensor && tensor.name === 'first.weight'
      ? {
          copy: {
            name: tensor.name,
            dims: tensor.dims,
            dataType: tensor.dataType,
            message: externalTensorMessage(tensor.name, tensor.dims, location),
            rawData: undefined,
            external: undefined,
          },
        }
      : tensor,
  );
  const data = noise(216, 1);
  return {
    model: writeModel({ ...description, graph: { ...description.graph, initializers } }),
    weights: new Uint8Array(data.buffer),
  };
}

/** A TensorProto, by hand: dims (1), data_type float (2), name (8), external_data (13), data_location external (14). */
function externalTensorMessage(name: string, dims: readonly number[], location: string): Uint8Array {
  const bytes = (field: number, content: Uint8Array): number[] => [
    (field << 3) | 2,
    content.length,
    ...content,
  ];
  const text = (value: string): Uint8Array => new TextEncoder().encode(value);
  const entry = Uint8Array.from([...bytes(1, text('location')), ...bytes(2, text(location))]);
  return Uint8Array.from([
    ...dims.flatMap((extent) => [1 << 3, extent]),
    ...[2 << 3, 1],
    ...bytes(8, text(name)),
    ...bytes(13, entry),
    ...[14 << 3, 1],
  ]);
}
