import { readFileSync } from 'node:fs';
import { view } from '@hybridcam/core';
import { adapterConformance } from '@hybridcam/test-utils/adapter-conformance';
import * as node from 'onnxruntime-node';
import * as web from 'onnxruntime-web';
import { describe, test } from 'vitest';
import { createOnnxModel, type OrtRuntime } from '../../src/index.ts';

web.env.wasm.numThreads = 1;

// Cuts: layers that everything behind them sees the picture through. Smooth networks: float32 differences cannot tell a
// kink from an error; the tap injection tests do.
const subjects: Record<string, { ort: OrtRuntime; network: string; cuts: string[]; kinks?: number }> = {
  'squeeze.opset13 on onnxruntime-node': {
    ort: node,
    network: './fixtures/squeeze.opset13',
    cuts: ['stem', 'dw', 'tail'],
  },
  'convnext.dynamo on onnxruntime-web (wasm)': {
    ort: web,
    network: './fixtures/convnext.dynamo',
    cuts: ['stem', 'add_45'],
    kinks: 0,
  },
  'a vision transformer (mean_token.opset17) on onnxruntime-node': {
    ort: node,
    network: '../network/fixtures/mean_token.opset17',
    cuts: ['patch', 'blocks.0', 'blocks.1'],
    kinks: 0,
  },
  'a vision transformer (mean_token.dynamo) on onnxruntime-web (wasm)': {
    ort: web,
    network: '../network/fixtures/mean_token.dynamo',
    cuts: ['patch', 'blocks.0', 'blocks.1'],
    kinks: 0,
  },
};

for (const [title, { ort, network, ...options }] of Object.entries(subjects)) {
  const file = new URL(`${network}.onnx`, import.meta.url);
  describe(`createOnnxModel at every layer of ${title}`, () => {
    const subject = {
      create: () => createOnnxModel(new Uint8Array(readFileSync(file)), { ort, name: `${network}.onnx` }),
      view,
      size: [24, 24] as const,
      ...options,
    };
    for (const { title: what, run } of adapterConformance(subject)) test(what, run);
  });
}
