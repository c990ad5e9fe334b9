import {
  type GraphDescription,
  type InitializerDescription,
  type NodeDescription,
  type ValueDescription,
  writeModel,
} from '../src/index.ts';

/** Uniform numbers in [−1, 1) from a seed (mulberry32). */
export function randomFloats(seed: number, count: number, scale = 1): Float32Array {
  let state = seed >>> 0;
  return Float32Array.from({ length: count }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return scale * ((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * 2 - 1);
  });
}

export function weight(
  name: string,
  dims: readonly number[],
  seed: number,
  scale?: number,
): InitializerDescription {
  const size = dims.reduce((product, extent) => product * extent, 1);
  const fanIn = dims.length > 1 ? size / dims[0]! : 4;
  return { name, dims, dataType: 'float32', data: randomFloats(seed, size, scale ?? Math.sqrt(3 / fanIn)) };
}

export interface ToyOptions {
  readonly opset?: number;
  readonly ir?: number;
  /** Nodes and weights from the map `/block/Relu_output_0` [batch, 6, 4, 4] to `logits`. Default: pooling and one Gemm. */
  readonly head?: Pick<GraphDescription, 'nodes' | 'initializers'>;
  readonly input?: ValueDescription;
  readonly outputs?: readonly ValueDescription[];
  readonly extraInputs?: readonly ValueDescription[];
}

/** The layer that the default head pools. */
export const TOY_MAP = '/block/Relu_output_0';

export const LINEAR_HEAD: Pick<GraphDescription, 'nodes' | 'initializers'> = {
  nodes: [
    { opType: 'GlobalAveragePool', inputs: [TOY_MAP], outputs: ['pooled'], name: '/pool/GlobalAveragePool' },
    { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'], name: '/Flatten' },
    {
      opType: 'Gemm',
      inputs: ['flat', 'fc.weight', 'fc.bias'],
      outputs: ['logits'],
      name: '/fc/Gemm',
      attributes: { transB: 1 },
    },
  ],
  initializers: [weight('fc.weight', [5, 6], 7), weight('fc.bias', [5], 8)],
};

/** A classifier of 8×8 images with 5 classes: stem (4 channels, 8×8), block (6 channels, 4×4), head. */
export function toyModel(options: ToyOptions = {}): Uint8Array {
  const head = options.head ?? LINEAR_HEAD;
  const input = options.input ?? { name: 'input', dataType: 'float32', shape: ['batch', 3, 8, 8] };
  const trunk: NodeDescription[] = [
    {
      opType: 'Conv',
      inputs: [input.name, 'stem.conv.weight', 'stem.conv.bias'],
      outputs: ['/stem/conv/Conv_output_0'],
      name: '/stem/conv/Conv',
      attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1] },
    },
    {
      opType: 'Relu',
      inputs: ['/stem/conv/Conv_output_0'],
      outputs: ['/stem/Relu_output_0'],
      name: '/stem/Relu',
    },
    {
      opType: 'Conv',
      inputs: ['/stem/Relu_output_0', 'block.conv.weight', 'block.conv.bias'],
      outputs: ['/block/conv/Conv_output_0'],
      name: '/block/conv/Conv',
      attributes: { kernel_shape: [3, 3], pads: [1, 1, 1, 1], strides: [2, 2] },
    },
    { opType: 'Relu', inputs: ['/block/conv/Conv_output_0'], outputs: [TOY_MAP], name: '/block/Relu' },
  ];
  return writeModel({
    opsets: { '': options.opset ?? 17 },
    ir: options.ir ?? 8,
    graph: {
      name: 'toy',
      inputs: [input, ...(options.extraInputs ?? [])],
      outputs: options.outputs ?? [{ name: 'logits', dataType: 'float32', shape: ['batch', 5] }],
      nodes: [...trunk, ...(head.nodes ?? [])],
      initializers: [
        weight('stem.conv.weight', [4, 3, 3, 3], 1),
        weight('stem.conv.bias', [4], 2),
        weight('block.conv.weight', [6, 4, 3, 3], 3),
        weight('block.conv.bias', [6], 4),
        ...(head.initializers ?? []),
      ],
    },
  });
}
