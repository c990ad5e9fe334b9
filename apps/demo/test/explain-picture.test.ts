import { view } from '@hybridcam/core';
import { createOnnxModel, type NodeDescription, writeModel } from '@hybridcam/onnx';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import type { NamedMap } from '../src/protocol.ts';
import { compareMethods } from '../src/worker/compare-methods.ts';
import { explainPicture, otherMethod } from '../src/worker/explain-picture.ts';

const input = view(
  Float32Array.from({ length: 48 }, (_, i) => ((i * 7) % 16) / 16),
  [1, 3, 4, 4],
);

/** Three channels, averaged, then two linear layers, with or without a kink between them. */
function network(kink: 'Relu' | 'Identity') {
  const linear = (from: string, weight: string, to: string): NodeDescription => ({
    opType: 'Gemm',
    inputs: [from, weight],
    outputs: [to],
  });
  return createOnnxModel(
    writeModel({
      opsets: { '': 17 },
      graph: {
        inputs: [{ name: 'image', dataType: 'float32', shape: ['batch', 3, 4, 4] }],
        outputs: [{ name: 'logits', dataType: 'float32', shape: ['batch', 2] }],
        nodes: [
          { opType: 'Relu', name: '/features/Relu', inputs: ['image'], outputs: ['map'] },
          { opType: 'GlobalAveragePool', inputs: ['map'], outputs: ['pooled'] },
          { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
          linear('flat', 'first', 'hidden'),
          { opType: kink, inputs: ['hidden'], outputs: ['bent'] },
          linear('bent', 'second', 'logits'),
        ],
        initializers: [
          { name: 'first', dims: [3, 2], dataType: 'float32', data: [1, -1, 0.5, 1, -2, 0.25] },
          { name: 'second', dims: [2, 2], dataType: 'float32', data: [2, -1, 1, 3] },
        ],
      },
    }),
    { ort, name: `${kink}.onnx` },
  );
}

const params = { layer: undefined, method: 'ablation-cam', classIndex: 0, against: undefined } as const;

describe('explainPicture', () => {
  test('runs Ablation-CAM at once behind a linear head, where it costs nothing', async () => {
    const model = await network('Identity');
    const { costs, other } = await explainPicture(model, input, params);
    expect(costs['ablation-cam']).toBe(1);
    expect(other?.map?.data).toHaveLength(16);
    await model.dispose();
  });

  test('waits for a click where the pooled head is not linear, and says what it costs', async () => {
    const model = await network('Relu');
    expect(model.resolveLayer('last').gradient).toBe('constant');
    const { costs, other } = await explainPicture(model, input, params);
    expect(costs['ablation-cam']).toBe(4);
    expect(other).toBeUndefined();
    const clicked = await otherMethod(model, input, params, 'ablation-cam');
    expect(clicked.problem).toBeUndefined();
    expect(clicked.map?.data).toHaveLength(16);
    await model.dispose();
  });

  test('is compared with the others only where it is one pass', async () => {
    for (const [kink, there] of [
      ['Identity', true],
      ['Relu', false],
    ] as const) {
      const model = await network(kink);
      const found: NamedMap[] = [];
      await compareMethods(model, input, params, (map) => found.push(map), new AbortController().signal);
      expect(found.some(({ method }) => method === 'ablation-cam')).toBe(there);
      await model.dispose();
    }
  });
});
