import * as node from 'onnxruntime-node';
import { expect, test } from 'vitest';
import {
  createOnnxModel,
  type NodeDescription,
  type OrtRuntime,
  type OrtSession,
  type OrtSessionOptions,
  writeModel,
} from '../../src/index.ts';
import { weight } from '../toy-model.ts';

interface Second {
  /** Of its kernel. */
  readonly side?: number;
  /** Of the image; "open" where the model leaves it so. */
  readonly size?: number | 'open';
  readonly attributes?: Readonly<Record<string, number | readonly number[]>>;
  /** Between the two convolutions, from `first` to `between`. */
  readonly between?: NodeDescription;
}

/** A classifier whose second convolution takes `own` channels per group into `out`. */
function twoConvolutions(own: number, out: number, second: Second = {}): Uint8Array {
  const { side = 3, size = 12, attributes = { strides: [2, 2] }, between } = second;
  const extent = size === 'open' ? undefined : size;
  const channels = own * Number(attributes['group'] ?? 1);
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: [1, 3, extent, extent] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: [1, out] }],
      nodes: [
        { opType: 'Conv', name: '/first/Conv', inputs: ['image', 'w1'], outputs: ['first'] },
        ...(between ? [between] : []),
        {
          opType: 'Conv',
          name: '/second/Conv',
          inputs: [between ? 'between' : 'first', 'w2'],
          outputs: ['second'],
          attributes,
        },
        { opType: 'GlobalAveragePool', inputs: ['second'], outputs: ['pooled'] },
        { opType: 'Flatten', inputs: ['pooled'], outputs: ['logits'] },
      ],
      initializers: [
        weight('w1', [channels, 3, 1, 1], 1),
        weight('w2', [out, own, side, side], 2),
        { name: 'all', dims: [channels], dataType: 'bool', data: new Uint8Array(channels).fill(1) },
      ],
    },
  });
}

/** onnxruntime-node, whose "WebGPU" is the processor, with every output changed by `fault`. */
function withWebGpu(fault: (values: Float32Array) => unknown): { ort: OrtRuntime; onGpu: () => number } {
  let count = 0;
  const create = async (bytes: Uint8Array, options: OrtSessionOptions): Promise<OrtSession> => {
    const onGpu = options.executionProviders?.[0] === 'webgpu';
    const session = await node.InferenceSession.create(bytes, { ...options, executionProviders: ['cpu'] });
    if (!onGpu) return session;
    count++;
    const run = session.run.bind(session) as OrtSession['run'];
    session.run = (async (feeds: node.InferenceSession.FeedsType, fetches: string[]) => {
      const results = await (fetches ? run(feeds, fetches) : run(feeds));
      for (const tensor of Object.values(results)) fault(tensor.data as Float32Array);
      return results;
    }) as OrtSession['run'];
    return session;
  };
  const ort = { ...node, InferenceSession: { create } as unknown as OrtRuntime['InferenceSession'] };
  return { ort, onGpu: () => count };
}

const sessionOptions = { executionProviders: ['webgpu'] };
const swapped = (values: Float32Array): void => {
  values.reverse();
};

test.each([
  ['in another order', swapped, /its values differ by \d+ % of the largest/],
  ['not as numbers', (values: Float32Array) => values.fill(Number.NaN, 0, 1), /its values are not numbers/],
  [
    'a little off',
    (values: Float32Array) => values.set(values.map((value) => value * 1.005)),
    /its values differ by 0\.5 % of the largest/,
  ],
] as const)(
  'a convolution that WebGPU computes %s is refused, with the node and the remedy',
  async (_, fault, what) => {
    const { ort } = withWebGpu(fault);
    const loading = createOnnxModel(twoConvolutions(6, 4), { ort, name: 'faulty', sessionOptions });
    await expect(loading).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(
        new RegExp(`Conv "/second/Conv" \\(3×3, 6 channels into 4\\).*${what.source}.*\\['wasm'\\]`),
      ),
    });
  },
);

test.each([
  [
    'a kernel that dilation makes larger than the usual probe',
    { attributes: { dilations: [18, 18] }, size: 64 },
  ],
  ['the same in a model of open size', { attributes: { dilations: [18, 18] }, size: 'open' }],
  [
    'a dilation out of all proportion, in padding',
    { attributes: { dilations: [100_000, 100_000], pads: [100_000, 100_000, 100_000, 100_000] } },
  ],
  [
    'groups, behind an operation that hides the channels',
    {
      attributes: { group: 2 },
      between: {
        opType: 'Compress',
        inputs: ['first', 'all'],
        outputs: ['between'],
        attributes: { axis: 1 },
      },
    },
  ],
] satisfies [string, Second][])('probes %s', async (_, second) => {
  const { ort, onGpu } = withWebGpu(() => undefined);
  const model = await createOnnxModel(twoConvolutions(6, 4, second), { ort, name: 'right', sessionOptions });
  expect(onGpu()).toBe(2);
  await model.dispose();
  const faulty = withWebGpu(swapped);
  await expect(
    createOnnxModel(twoConvolutions(6, 4, second), { ort: faulty.ort, name: 'faulty', sessionOptions }),
  ).rejects.toMatchObject({ code: 'UNSUPPORTED' });
});

test('where the runtime computes it rightly the model loads', async () => {
  const { ort, onGpu } = withWebGpu(() => undefined);
  const model = await createOnnxModel(twoConvolutions(6, 4), { ort, name: 'right', sessionOptions });
  // The check, and the model's own session.
  expect(onGpu()).toBe(2);
  await model.dispose();
});

test('models without such a convolution, and other providers, are not tried', async () => {
  for (const [channels, out, side] of [
    [6, 4, 1],
    [6, 5, 3],
    [12, 4, 3],
    [8, 4, 3],
    [3, 4, 3],
  ] as const) {
    const { ort, onGpu } = withWebGpu(swapped);
    const bytes = twoConvolutions(channels, out, { side });
    const model = await createOnnxModel(bytes, { ort, name: 'other', sessionOptions });
    expect(onGpu()).toBe(1);
    await model.dispose();
  }
  const { ort, onGpu } = withWebGpu(swapped);
  const model = await createOnnxModel(twoConvolutions(6, 4), { ort, name: 'cpu' });
  expect(onGpu()).toBe(0);
  await model.dispose();
});
