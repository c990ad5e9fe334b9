import { readdirSync, readFileSync } from 'node:fs';
import * as node from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel } from '../../src/index.ts';
import { bakedDifference } from './baked-run.ts';

const folder = new URL('../autodiff/fixtures/', import.meta.url);
const networks = readdirSync(folder).flatMap((file) => file.match(/^(.*)\.onnx$/)?.slice(1) ?? []);

// Small networks of every architecture family, written by PyTorch's exporters at several opsets (tooling/reference/onnx-gradients).
describe('bakeModel of networks as PyTorch writes them', () => {
  for (const network of networks) {
    test(`equals explain on ${network}, at the last layer and at an earlier one`, async () => {
      const bytes = new Uint8Array(readFileSync(new URL(`${network}.onnx`, folder)));
      const model = await createOnnxModel(bytes, { ort: node, name: network });
      try {
        const layers = model.layers.filter(({ gradient }) => gradient !== 'unavailable');
        expect(layers.length).toBeGreaterThan(0);
        const { length } = layers;
        const chosen = new Set([length - 1, Math.floor(length / 3)].map((at) => layers[at]!.name));
        for (const layer of chosen) {
          const common = { model, ort: node, bytes, layers: [layer] };
          const raw = await bakedDifference({ ...common, method: 'hires-cam' });
          expect(raw.cam, `hires-cam at ${layer}`).toBeLessThan(1e-5);
          const hybrid = await bakedDifference({ ...common, method: 'hybrid', normalize: 'minmax' });
          // A power below 1 magnifies what float32 leaves near 0.
          expect(hybrid.cam, `hybrid at ${layer}`).toBeLessThan(1e-4);
        }
      } finally {
        await model.dispose();
      }
    });
  }
});
