import { readdirSync, readFileSync } from 'node:fs';
import {
  type ExplainRequest,
  type Explanation,
  explainMany,
  type Model,
  methodNames,
  methods,
} from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import { decode } from '@hybridcam/image/node';
import { createOnnxModel } from '@hybridcam/onnx';
import { sharedFile, sharedFolder } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { beforeAll, describe, expect, test } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { loadSharedModel } from './load-shared-model.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

const COUNT = 20;
const LAST = { onnx: 'layers.51', tfjs: 'conv_51_relu6' };
const MIDDLE = { onnx: 'layers.39', tfjs: 'conv_39_relu6' };

type Request = ExplainRequest & { readonly tolerance: number };

/** Every method at the last layer, every one that does without a linear head at the middle one. */
function requests(runtime: 'onnx' | 'tfjs'): Request[] {
  // Methods that run the network hundreds of times would take hours over twenty photographs; they ask nothing more of an adapter.
  const single = methodNames.filter((name) => methods[name].layers === 1 && methods[name].forwards === 'one');
  return [
    ...single.map((method) => ({ method, targetLayer: LAST[runtime], tolerance: 1e-4 })),
    ...single
      .filter((name) => methods[name].needs !== 'head')
      .map((method) => ({
        method,
        targetLayer: MIDDLE[runtime],
        // Rounding moves an activation across a kink of relu6 in one of the twenty (on cpu and tfjs-node, not on wasm): 42 cells of the
        // gradient change by up to 1.7 %. The leading eigenvector doubles that, all other maps average it away.
        tolerance: method === 'eigen-grad-cam' ? 4e-2 : 1e-2,
      })),
    { method: 'cross-layer-hybrid', targetLayer: [LAST[runtime], MIDDLE[runtime]] as const, tolerance: 1e-2 },
  ];
}

describe.skipIf(!sharedFolder())(
  'ONNX and tfjs forms of MobileNetV2 give the same maps (needs ../shared)',
  () => {
    const inputs: {
      photo: string;
      input: ReturnType<typeof preprocess>['input'];
      expected: Explanation[];
    }[] = [];

    beforeAll(async () => {
      const bytes = new Uint8Array(readFileSync(sharedFile('models/mobilenet_v2_imagenet.onnx')));
      const model = await createOnnxModel(bytes, { ort, name: 'mobilenet_v2' });
      const photos = readdirSync(sharedFile('photos')).sort();
      for (const photo of photos
        .filter((_, i) => i % Math.floor(photos.length / COUNT) === 0)
        .slice(0, COUNT)) {
        const image = await decode(readFileSync(sharedFile(`photos/${photo}`)));
        const { input } = preprocess(image, { preset: 'minus-one-one' });
        inputs.push({ photo, input, expected: await explain(model, input, 'onnx') });
      }
      await model.dispose();
    });

    test.each(nodeBackends)('on %s', async (backend) => {
      await useBackend(backend);
      const source = await loadSharedModel();
      const model = await createTfjsModel(source);
      const worst = new Map<string, number>();
      const beyond: string[] = [];
      for (const { photo, input, expected } of inputs) {
        const found = await explain(model, input, 'tfjs');
        requests('tfjs').forEach(({ method, targetLayer, tolerance }, i) => {
          const title = `${method} at ${targetLayer}`;
          const difference = largest(found[i]!.cam.data, expected[i]!.cam.data);
          worst.set(title, Math.max(worst.get(title) ?? 0, difference));
          if (!(difference <= tolerance)) beyond.push(`${photo} ${title}: ${difference.toExponential(1)}`);
          expect(found[i]!.classIndex).toBe(expected[i]!.classIndex);
        });
      }
      console.log(
        [...worst].map(([title, value]) => `${backend} ${title}: ${value.toExponential(1)}`).join('\n'),
      );
      expect(inputs).toHaveLength(COUNT);
      expect(beyond).toEqual([]);
      await model.dispose();
      source.dispose();
    });
  },
);

function explain(
  model: Model,
  input: Parameters<Model['forward']>[0],
  runtime: 'onnx' | 'tfjs',
): Promise<Explanation[]> {
  return explainMany(
    model,
    input,
    requests(runtime).map(({ tolerance: _, ...request }) => request),
  );
}

/** Maps are scaled to a maximum of 1. */
function largest(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let most = a.length === b.length ? 0 : Number.POSITIVE_INFINITY;
  for (let i = 0; i < b.length; i++) most = Math.max(most, Math.abs(a[i]! - b[i]!));
  return most;
}
