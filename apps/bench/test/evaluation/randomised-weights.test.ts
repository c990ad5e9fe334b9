import { UnsupportedError } from '@hybridcam/core';
import { readOnnx, tensorFloats, writeModel } from '@hybridcam/onnx';
import { describe, expect, it } from 'vitest';
import { randomisedWeights } from '../../src/evaluation/randomised-weights.ts';

const tensor = (name: string, shape: number[], first: number) => ({
  name,
  dataType: 'float32' as const,
  dims: shape,
  data: Float32Array.from(
    { length: shape.reduce((product, extent) => product * extent, 1) },
    (_, i) => first + i,
  ),
});

/** x · a → + bias → · b: two matrices and a bias. */
const model = (initializers = [tensor('a', [4, 4], 0), tensor('bias', [4], 50), tensor('b', [4, 3], 100)]) =>
  writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'x', dataType: 'float32', shape: [1, 4] }],
      outputs: [{ name: 'y', dataType: 'float32', shape: [1, 3] }],
      nodes: [
        { opType: 'MatMul', inputs: ['x', 'a'], outputs: ['h'] },
        { opType: 'Add', inputs: ['h', 'bias'], outputs: ['k'] },
        { opType: 'MatMul', inputs: ['k', 'b'], outputs: ['y'] },
      ],
      initializers,
    },
  });

const valuesOf = (bytes: Uint8Array) =>
  Object.fromEntries(
    readOnnx(bytes).graph.initializers.map((found) => [found.name, [...tensorFloats(found, new Map())!]]),
  );

describe('randomisedWeights', () => {
  it('shuffles from the scores downwards and leaves biases and the given bytes alone', () => {
    const bytes = model();
    const before = valuesOf(bytes);
    const half = randomisedWeights(bytes, 0.5, 0);
    expect(half.downTo).toBe('b');
    const [first, after] = [before, valuesOf(half.bytes)];
    expect(after['a']).toEqual(first['a']);
    expect(after['bias']).toEqual(first['bias']);
    expect(after['b']).not.toEqual(first['b']);
    expect(after['b']!.toSorted((x, y) => x - y)).toEqual(first['b']);
    const all = randomisedWeights(bytes, 1, 0);
    expect(all.downTo).toBe('a');
    expect(valuesOf(all.bytes)['a']!.toSorted((x, y) => x - y)).toEqual(first['a']);
    expect(valuesOf(bytes)).toEqual(first);
  });

  it('a stage contains the ones above it; another seed shuffles differently', () => {
    const half = valuesOf(randomisedWeights(model(), 0.5, 3).bytes);
    const all = valuesOf(randomisedWeights(model(), 1, 3).bytes);
    expect(all['b']).toEqual(half['b']);
    expect(valuesOf(randomisedWeights(model(), 1, 4).bytes)['b']).not.toEqual(all['b']);
  });

  it('refuses a model without weights', () => {
    const bare = writeModel({
      opsets: { '': 17 },
      graph: {
        inputs: [{ name: 'x', dataType: 'float32', shape: [1, 4] }],
        outputs: [{ name: 'y', dataType: 'float32', shape: [1, 4] }],
        nodes: [{ opType: 'Relu', inputs: ['x'], outputs: ['y'] }],
      },
    });
    expect(() => randomisedWeights(bare, 1, 0)).toThrow(UnsupportedError);
  });
});
