import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createGradientSession } from '../../src/autodiff/index.ts';
import { indexGraph, readOnnx } from '../../src/index.ts';
import { node, smallModel } from '../autodiff/small-model.ts';

describe('indexGraph', () => {
  test('brings nodes into order that a converter appended at the end, as ONNX Runtime does', async () => {
    const bytes = smallModel({
      nodes: [node('Exp', ['r'], 'e'), node('Mul', ['e', 'r'], 'y'), node('Relu', ['x'], 'r')],
    });
    const graph = indexGraph(readOnnx(bytes));
    expect(graph.nodes.map(({ opType }) => opType)).toEqual(['Relu', 'Exp', 'Mul']);
    expect(graph.nodes.map(({ index }) => index)).toEqual([0, 1, 2]);
    const session = await createGradientSession(bytes, { ort, wrt: ['x'] });
    const run = await session.run(new ort.Tensor('float32', Float32Array.of(0.5, -1, 0, 1), [1, 4]));
    const { data } = (await run.gradients(Float32Array.of(1, 1, 1, 1))).get('x')!;
    [Math.exp(0.5) * 1.5, 0, 0, Math.E * 2].forEach((value, i) => {
      expect(data[i]).toBeCloseTo(value, 5);
    });
    await session.dispose();
  });

  test('refuses a cycle', () => {
    const bytes = smallModel({
      nodes: [node('Add', ['x', 'b'], 'a'), node('Relu', ['a'], 'b'), node('Relu', ['b'], 'y')],
    });
    expect(() => indexGraph(readOnnx(bytes))).toThrow(/expected tensor "b" before Add/);
  });
});
