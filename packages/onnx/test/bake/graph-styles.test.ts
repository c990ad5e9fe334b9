import { readFileSync } from 'node:fs';
import * as node from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { bakeModel, createOnnxModel, readOnnx } from '../../src/index.ts';
import { branchModel, halfModel, tensorflowStyle } from '../graph-styles.ts';
import { bakedDifference } from './baked-run.ts';

const fixture = (name: string): Uint8Array =>
  new Uint8Array(readFileSync(new URL(`../autodiff/fixtures/half/${name}.onnx`, import.meta.url)));

/** Name, bytes, layers (coarse, fine), batch of the baked file, tolerance: half-precision activations keep three digits. */
const styles: [string, Uint8Array, [string, string], 'any' | 'one', number][] = [
  ['half precision throughout', halfModel(), ['deep', 'stem'], 'any', 2e-3],
  [
    'half-precision weights, SiLU and depthwise convolutions',
    fixture('squeeze.opset13'),
    ['tail', 'stem'],
    'any',
    5e-3,
  ],
  ['an If with a constant condition', branchModel('constant'), ['deep', 'stem'], 'any', 1e-5],
  [
    'an If whose condition follows from the size',
    branchModel('from the size'),
    ['deep', 'stem'],
    'one',
    1e-5,
  ],
  [
    'channels last, as tf2onnx writes it',
    tensorflowStyle(16, 16),
    ['model/conv2', 'model/conv1'],
    'any',
    1e-5,
  ],
];

describe.each(styles)('bakeModel of %s', (_, bytes, layers, batch, tolerance) => {
  test.each(['hybrid', 'cross-layer-hybrid', 'layer-cam'] as const)('%s equals explain', async (method) => {
    const model = await createOnnxModel(bytes, { ort: node, name: 'model' });
    try {
      const chosen = method === 'cross-layer-hybrid' ? [layers] : layers.map((layer) => [layer]);
      for (const names of chosen) {
        const worst = await bakedDifference({ model, ort: node, bytes, layers: names, method });
        expect(worst.cam, names.join()).toBeLessThan(tolerance);
        expect(worst.saliency, names.join()).toBeLessThan(tolerance);
      }
    } finally {
      await model.dispose();
    }
  });

  test(`takes ${batch === 'any' ? 'any batch' : 'one picture, and says so'}`, async () => {
    const baked = readOnnx(await bakeModel(bytes, { ort: node, layers: [layers[1]] }));
    expect(baked.metadata.get('hybridcam.input')).toMatch(batch === 'any' ? /^any/ : /^1x/);
  });
});
