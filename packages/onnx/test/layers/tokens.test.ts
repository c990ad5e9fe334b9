import { readFileSync } from 'node:fs';
import { view } from '@hybridcam/core';
import { readSafetensors } from '@hybridcam/test-utils';
import * as node from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import {
  createOnnxModel,
  type NodeDescription,
  type TokenOption,
  type ValueDescription,
  writeModel,
} from '../../src/index.ts';
import { images, runPlain } from '../bake/baked-run.ts';
import { weight } from '../toy-model.ts';

const fixtures = new URL('../autodiff/fixtures/', import.meta.url);
const load = (name: string) => new Uint8Array(readFileSync(new URL(`${name}.onnx`, fixtures)));
const open = (bytes: Uint8Array, tokens?: TokenOption) =>
  createOnnxModel(bytes, { ort: node, name: 'tokens.onnx', tokens });

/** [places of a map, channels] at `start` as [channels, places]. */
function channelsFirst(data: Float32Array, start: number, places: number, channels: number): Float32Array {
  return Float32Array.from(
    { length: places * channels },
    (_, i) => data[(start + (i % places)) * channels + Math.floor(i / places)]!,
  );
}

function difference(a: Float32Array, b: Float32Array): number {
  const scale = Math.max(...b.map(Math.abs));
  return a.length === b.length
    ? Math.max(...a.map((value, i) => Math.abs(value - b[i]!))) / scale
    : Number.NaN;
}

async function at(name: string, layer: string) {
  const tensors = readSafetensors(new URL(`${name}.safetensors`, fixtures).pathname);
  const model = await open(load(name));
  try {
    const { data, shape } = tensors.get('input')!;
    const pass = await model.forward(view(data, shape), { layers: [layer] });
    const cotangent = tensors.get('cotangent')!;
    const gradients = await pass.gradients([layer], view(cotangent.data, cotangent.shape));
    const result = { activations: pass.activations(layer), gradients: gradients.get(layer)! };
    pass.dispose();
    return { ...result, torch: (key: string) => tensors.get(key)!.data };
  } finally {
    await model.dispose();
  }
}

describe('layers of a vision transformer (PyTorch exports of both exporters)', () => {
  const exports = [
    ['attention.dynamo', 'linear', 36],
    ['attention.opset11', '/norm1/Mul_output_0', 12],
  ] as const;

  test.each(exports)(
    '%s: the map of tokens behind the class token, and its gradient, equal PyTorch',
    async (name, tensor, channels) => {
      const { activations, gradients, torch } = await at(name, tensor);
      expect(activations.shape).toEqual([1, channels, 3, 3]);
      expect(gradients.shape).toEqual([1, channels, 3, 3]);
      const expected = (kind: string) => channelsFirst(torch(`${kind}:${tensor}`), 1, 9, channels);
      expect(difference(activations.data as Float32Array, expected('tap'))).toBeLessThan(1e-5);
      expect(difference(gradients.data as Float32Array, expected('gradient'))).toBeLessThan(2e-5);
    },
  );

  test.each(exports)('%s: the default is what the last attention reads', async (name) => {
    const model = await open(load(name));
    expect(model.defaultLayer).toBe('norm1');
    expect(model.resolveLayer('last')).toMatchObject({ name: 'norm1', shape: [12, 3, 3], stride: 8 });
    await model.dispose();
  });

  test.each(exports)('%s: behind it only the class token counts, which is said', async (name) => {
    const model = await open(load(name));
    try {
      for (const layer of ['norm2', 'up', 'down', 'final']) {
        const { gradient, blockedBy } = model.resolveLayer(layer);
        expect(gradient).toBe('unavailable');
        expect(blockedBy).toMatch(/only its class token.*before the last attention, such as "norm1"/);
      }
      const pass = await model.forward(view(images(1, [1, 3, 24, 24]), [1, 3, 24, 24]), {
        layers: ['final'],
      });
      const cotangent = view(Float32Array.of(1, 0, 0, 0, 0), [1, 5]);
      await expect(pass.gradients(['final'], cotangent)).rejects.toThrow(/before the last attention/);
      expect(pass.activations('final').shape).toEqual([1, 12, 3, 3]);
      pass.dispose();
    } finally {
      await model.dispose();
    }
  });
});

describe('layers of a Swin transformer', () => {
  test.each([
    ['merge', '/merge/Add_output_0', 16, 12],
    ['norm', '/norm/Add_1_output_0', 64, 8],
  ] as const)(
    '%s [batch, height, width, channels] equals PyTorch, channels first',
    async (layer, tensor, places, channels) => {
      const { activations, gradients, torch } = await at('windows.opset16', layer);
      const side = Math.sqrt(places);
      expect(activations.shape).toEqual([1, channels, side, side]);
      expect(
        difference(
          activations.data as Float32Array,
          channelsFirst(torch(`tap:${tensor}`), 0, places, channels),
        ),
      ).toBeLessThan(1e-5);
      // The layer behind a linear head hands out one number per channel elsewhere; these two vary.
      expect(
        difference(
          gradients.data as Float32Array,
          channelsFirst(torch(`gradient:${tensor}`), 0, places, channels),
        ),
      ).toBeLessThan(2e-5);
    },
  );
});

interface TinyOptions {
  readonly nodes: readonly NodeDescription[];
  readonly size?: readonly (number | string)[];
}

/** Pictures of 8×12 in patches of 4: 2×3 places of 6 channels, whatever comes between, and a linear head on `vector`. */
function transformer({ nodes, size = [8, 12] }: TinyOptions): Uint8Array {
  const input: ValueDescription = { name: 'input', dataType: 'float32', shape: ['batch', 3, ...size] };
  const numbers = (name: string, data: number[]) => ({
    name,
    dims: [data.length],
    dataType: 'int64' as const,
    data,
  });
  return writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [input],
      outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 4] }],
      nodes: [...nodes, { opType: 'MatMul', inputs: ['vector', 'fc'], outputs: ['logits'] }],
      initializers: [
        weight('patch', [6, 3, 4, 4], 1),
        weight('registers', [1, 3, 6], 2),
        weight('mix', [9, 9], 3),
        weight('mix6', [6, 6], 6),
        weight('dense', [6, 6], 4),
        weight('flatPatch', [48, 6], 7),
        weight('fc', [6, 4], 5),
        numbers('rows', [0, 6, -1]),
        numbers('cut', [0, 3, 2, 4, 3, 4]),
        numbers('cells', [0, 6, 48]),
        numbers('zero', [0]),
        numbers('three', [3]),
        numbers('end', [2 ** 31 - 1]),
        numbers('one', [1]),
        { name: 'first', dims: [], dataType: 'int64', data: [0] },
      ],
    },
  });
}

const cutByConvolution: NodeDescription[] = [
  {
    opType: 'Conv',
    name: 'conv',
    inputs: ['input', 'patch'],
    outputs: ['map'],
    attributes: { strides: [4, 4] },
  },
  { opType: 'Reshape', inputs: ['map', 'rows'], outputs: ['columns'] },
  { opType: 'Transpose', inputs: ['columns'], outputs: ['tokens'], attributes: { perm: [0, 2, 1] } },
];
const withRegisters: NodeDescription[] = [
  ...cutByConvolution,
  { opType: 'Concat', inputs: ['registers', 'tokens'], outputs: ['all'], attributes: { axis: 1 } },
  { opType: 'Tanh', inputs: ['all'], outputs: ['before'] },
  // Tokens are mixed as attention does it, by weights that do not depend on them.
  { opType: 'MatMul', inputs: ['mix', 'before'], outputs: ['mixed'] },
];

describe('tokens of other arrangements', () => {
  test('three registers, then slices of the places, which are pooled', async () => {
    const bytes = transformer({
      nodes: [
        ...withRegisters,
        { opType: 'Add', inputs: ['mixed', 'before'], outputs: ['residual'] },
        { opType: 'Slice', inputs: ['residual', 'three', 'end', 'one'], outputs: ['places'] },
        {
          opType: 'ReduceMean',
          inputs: ['places'],
          outputs: ['vector'],
          attributes: { axes: [1], keepdims: 0 },
        },
      ],
    });
    const model = await open(bytes);
    try {
      for (const layer of ['tokens', 'before', 'residual', 'places']) {
        expect(model.resolveLayer(layer)).toMatchObject({ shape: [6, 2, 3], gradient: 'varying' });
      }
      expect(model.defaultLayer).toBe('places');
      const dims = [1, 3, 8, 12];
      const image = images(3, dims);
      const pass = await model.forward(view(image, dims), { layers: ['before', 'places'] });
      const cotangent = view(Float32Array.of(0, 0, 1, 0), [1, 4]);
      const gradients = await pass.gradients(['before', 'places'], cotangent);
      // Mean of six places: the head's column over 6, at every place.
      const fc = weight('fc', [6, 4], 5) as unknown as { data: Float32Array };
      const places = gradients.get('places')!;
      expect(places.shape).toEqual([1, 6, 2, 3]);
      for (let i = 0; i < places.data.length; i++) {
        expect(places.data[i]).toBeCloseTo(fc.data[Math.floor(i / 6) * 4 + 2]! / 6, 6);
      }
      const before = (await runPlain(node, bytes, { image, dims }))['logits']!;
      expect(difference(pass.logits.data as Float32Array, before.data)).toBe(0);
    } finally {
      await model.dispose();
    }
  });

  test('a class token among three, read alone', async () => {
    const model = await open(
      transformer({
        nodes: [
          ...withRegisters,
          { opType: 'Add', inputs: ['mixed', 'before'], outputs: ['residual'] },
          { opType: 'MatMul', inputs: ['residual', 'dense'], outputs: ['projected'] },
          { opType: 'Gather', inputs: ['projected', 'first'], outputs: ['vector'], attributes: { axis: 1 } },
        ],
      }),
    );
    expect(model.resolveLayer('before').gradient).toBe('varying');
    expect(model.resolveLayer('residual').gradient).toBe('unavailable');
    expect(model.resolveLayer('projected').blockedBy).toContain('class token');
    await model.dispose();
  });

  const cutByReshape: NodeDescription[] = [
    { opType: 'Reshape', inputs: ['input', 'cut'], outputs: ['six'] },
    { opType: 'Transpose', inputs: ['six'], outputs: ['turned'], attributes: { perm: [0, 2, 4, 1, 3, 5] } },
    { opType: 'Reshape', inputs: ['turned', 'cells'], outputs: ['patches'] },
    { opType: 'MatMul', inputs: ['patches', 'flatPatch'], outputs: ['tokens'] },
    { opType: 'Tanh', inputs: ['tokens'], outputs: ['bent'] },
    { opType: 'ReduceMean', inputs: ['bent'], outputs: ['vector'], attributes: { axes: [1], keepdims: 0 } },
  ];

  test('patches cut without a convolution: the grid follows from their number', async () => {
    const model = await open(transformer({ nodes: cutByReshape }));
    expect(model.resolveLayer('tokens')).toMatchObject({ shape: [6, 2, 3], gradient: 'varying' });
    await model.dispose();
  });

  test('the option "tokens" says how they lie; what does not fit is an error that names the counts', async () => {
    const bytes = transformer({ nodes: cutByReshape });
    const model = await open(bytes, { grid: [3, 2] });
    expect(model.resolveLayer('tokens').shape).toEqual([6, 3, 2]);
    await model.dispose();
    const prefixed = await open(bytes, { prefix: 2, grid: [2, 2] });
    expect(prefixed.resolveLayer('bent').shape).toEqual([6, 2, 2]);
    await prefixed.dispose();
    await expect(open(bytes, { prefix: 1, grid: [2, 3] })).rejects.toThrow(/prefix 1, grid 2×3.*: 6/);
  });

  test('where the input size is open, no grid is guessed', async () => {
    const model = await open(transformer({ nodes: withRegistersPooled(), size: ['h', 'w'] }));
    expect(model.layers.map(({ name }) => name)).not.toContain('before');
    await model.dispose();
  });
});

function withRegistersPooled(): NodeDescription[] {
  return [
    ...cutByConvolution,
    { opType: 'Tanh', inputs: ['tokens'], outputs: ['before'] },
    { opType: 'ReduceMean', inputs: ['before'], outputs: ['vector'], attributes: { axes: [1], keepdims: 0 } },
  ];
}
