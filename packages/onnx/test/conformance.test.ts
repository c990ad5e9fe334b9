import { view } from '@hybridcam/core';
import { adapterConformance } from '@hybridcam/test-utils/adapter-conformance';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, test } from 'vitest';
import { createOnnxModel, type OrtRuntime } from '../src/index.ts';
import { TOY_MAP, toyModel, weight } from './toy-model.ts';

web.env.wasm.numThreads = 1;
const runtimes: Record<string, OrtRuntime> = { 'onnxruntime-node': node, 'onnxruntime-web (wasm)': web };

// Weights of more than 1 kB each: the ones that sessions get by reference.
const twoLayerHead = {
  nodes: [
    {
      opType: 'ReduceMean',
      inputs: [TOY_MAP],
      outputs: ['pooled'],
      attributes: { axes: [2, 3], keepdims: 0 },
    },
    { opType: 'Gemm', inputs: ['pooled', 'w1', 'b1'], outputs: ['hidden'], attributes: { transB: 1 } },
    { opType: 'Tanh', inputs: ['hidden'], outputs: ['active'] },
    { opType: 'MatMul', inputs: ['active', 'w2'], outputs: ['product'] },
    { opType: 'Add', inputs: ['product', 'b2'], outputs: ['logits'] },
  ],
  initializers: [
    weight('w1', [64, 6], 11),
    weight('b1', [64], 12),
    weight('w2', [64, 5], 13, 0.2),
    weight('b2', [5], 14),
  ],
};

for (const [name, ort] of Object.entries(runtimes)) {
  for (const [kind, bytes] of Object.entries({
    'a linear head': toyModel(),
    'two linear layers': toyModel({ head: twoLayerHead }),
  })) {
    describe(`createOnnxModel on ${name}, ${kind}`, () => {
      const subject = {
        create: () => createOnnxModel(bytes, { ort, name: 'toy.onnx' }),
        view,
        cuts: ['block'],
      };
      for (const { title, run } of adapterConformance(subject)) test(title, run);
    });
  }
}
