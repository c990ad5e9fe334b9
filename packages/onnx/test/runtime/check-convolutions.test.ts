import * as node from 'onnxruntime-node';
import { expect, test } from 'vitest';
import {
  createOnnxModel,
  type OrtRuntime,
  type OrtSession,
  type OrtSessionOptions,
  writeModel,
} from '../../src/index.ts';
import { weight } from '../toy-model.ts';

/** A classifier of one convolution, `channels` into `out`. */
function oneConvolution(channels: number, out: number, side = 3): Uint8Array {
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: [1, 3, 12, 12] }],
      outputs: [{ name: 'logits', dataType: 'float32', shape: [1, out] }],
      nodes: [
        { opType: 'Conv', name: '/first/Conv', inputs: ['image', 'w1'], outputs: ['first'] },
        {
          opType: 'Conv',
          name: '/second/Conv',
          inputs: ['first', 'w2'],
          outputs: ['second'],
          attributes: { strides: [2, 2] },
        },
        { opType: 'GlobalAveragePool', inputs: ['second'], outputs: ['pooled'] },
        { opType: 'Flatten', inputs: ['pooled'], outputs: ['logits'] },
      ],
      initializers: [weight('w1', [channels, 3, 1, 1], 1), weight('w2', [out, channels, side, side], 2)],
    },
  });
}

/** onnxruntime-node, whose "WebGPU" is the processor, with every output changed by `fault`. */
function withWebGpu(fault: (values: Float32Array) => void): { ort: OrtRuntime; onGpu: () => number } {
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

test('a convolution that WebGPU computes otherwise is refused, with the node and the remedy', async () => {
  for (const fault of [swapped, (values: Float32Array) => values.fill(Number.NaN, 0, 1)]) {
    const { ort } = withWebGpu(fault as (values: Float32Array) => void);
    const loading = createOnnxModel(oneConvolution(6, 4), { ort, name: 'faulty', sessionOptions });
    await expect(loading).rejects.toMatchObject({
      code: 'UNSUPPORTED',
      message: expect.stringMatching(/Conv "\/second\/Conv" \(3×3, 6 channels into 4\).*\['wasm'\]/),
    });
  }
});

test('where the runtime computes it rightly the model loads', async () => {
  const { ort, onGpu } = withWebGpu(() => undefined);
  const model = await createOnnxModel(oneConvolution(6, 4), { ort, name: 'right', sessionOptions });
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
    const bytes = oneConvolution(channels, out, side);
    const model = await createOnnxModel(bytes, { ort, name: 'other', sessionOptions });
    expect(onGpu()).toBe(1);
    await model.dispose();
  }
  const { ort, onGpu } = withWebGpu(swapped);
  const model = await createOnnxModel(oneConvolution(6, 4), { ort, name: 'cpu' });
  expect(onGpu()).toBe(0);
  await model.dispose();
});
