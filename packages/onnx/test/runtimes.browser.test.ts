import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { pack, view } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import {
  buildPage,
  hasChromium,
  launchChromium,
  type ServedPage,
  servePage,
} from '@hybridcam/test-utils/browser-page';
import * as node from 'onnxruntime-node';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOnnxModel } from '../src/index.ts';
import type { Place, TestPage } from './browser/page.ts';
import { randomFloats } from './toy-model.ts';

declare const hybridcamTestPage: TestPage;

const fixtures = fileURLToPath(new URL('./autodiff/fixtures/', import.meta.url));
const networks = readdirSync(fixtures).flatMap((file) => file.match(/^(.*)\.onnx$/)?.slice(1) ?? []);

// A graphics card that the processor plays compiles shaders for seconds: a part, unless HYBRIDCAM_BROWSER_NETWORKS=all.
const everywhere = process.env['HYBRIDCAM_BROWSER_NETWORKS'] === 'all';
const SOME: Readonly<Record<Place, readonly string[] | undefined>> = {
  wasm: undefined,
  webgpu: ['attention.opset11', 'convnext.dynamo', 'squeeze.opset13'],
  'webgpu, outputs on the GPU': ['convnext.dynamo'],
};

/**
 * What onnxruntime-web 1.30 gets wrong on WebGPU by itself: convolutions larger than 1×1 whose input channels are a multiple of 3 and not of 4,
 * such as 6, give other numbers than its wasm (in the forward pass of the file as it is; onnxruntime#29651 reports the like), so such files
 * are refused there; and ConvTranspose has two axes at most.
 */
const WRONG_FORWARD = /^(dense|inception)\./;
const NO_KERNEL = /^norms\./;

describe.skipIf(!hasChromium())('createOnnxModel in Chromium (skipped where there is none)', () => {
  let browser: Browser;
  let served: ServedPage;
  beforeAll(async () => {
    const entry = fileURLToPath(new URL('./browser/page.ts', import.meta.url));
    const ort = path.dirname(fileURLToPath(import.meta.resolve('onnxruntime-web')));
    served = await servePage(await buildPage(entry, { format: 'es' }), { ort, fixtures });
    browser = await launchChromium();
  });
  afterAll(async () => {
    await browser?.close();
    served?.server.close();
  });

  describe.each<Place>(['wasm', 'webgpu', 'webgpu, outputs on the GPU'])('on %s', (place) => {
    const onGpu = place !== 'wasm';
    let page: Page;
    beforeAll(async () => {
      page = await browser.newPage();
      page.on('pageerror', (error) => console.error(error.message));
      await page.goto(served.url);
      if (onGpu) expect(await page.evaluate(() => hybridcamTestPage.hasWebGpu())).toBe(true);
    });
    afterAll(() => page?.close());

    const contract = async (): Promise<void> => {
      const results = await page.evaluate(
        (where) => hybridcamTestPage.conformance(where, 'toy', ['block', 'stem']),
        place,
      );
      expect(results.length).toBeGreaterThan(10);
      expect(results.filter(([, complaint]) => complaint !== '')).toEqual([]);
    };
    if (place !== 'webgpu, outputs on the GPU' || everywhere) {
      test('the contract holds', { timeout: 900_000 }, contract);
    }

    const works = networks.filter(
      (network) => !onGpu || !(WRONG_FORWARD.test(network) || NO_KERNEL.test(network)),
    );
    const some = everywhere ? undefined : SOME[place];
    const chosen = works.filter((network) => some?.includes(network) ?? true);
    test.each(chosen)(
      'gradients of %s at every layer are those of onnxruntime-node',
      {
        timeout: 900_000,
      },
      async (network) => {
        const expected = await onNode(network);
        const found = await page.evaluate(
          ([where, name, layers]) => hybridcamTestPage.gradients(where, name, layers),
          [place, network, expected.layers] as const,
        );
        expectClose(found.logits, expected.logits, { relativeToMax: 1e-5 });
        expect(expected.layers.length).toBeGreaterThan(2);
        for (const [i, values] of expected.gradients.entries()) {
          expectClose(found.gradients[i]!, values, { relativeToMax: 1e-5 });
        }
        // Taps go from session to session without a copy to the processor.
        expect(found.fedFrom).toEqual(
          place === 'webgpu, outputs on the GPU' ? ['cpu', 'gpu-buffer'] : ['cpu'],
        );
      },
    );

    const typedError = async (): Promise<void> => {
      const error = await page.evaluate(() =>
        hybridcamTestPage.gradients('webgpu', 'norms.opset11', ['stem']).then(
          () => 'none',
          ({ code, message }) => `${code} ${message}`,
        ),
      );
      expect(error).toMatch(/^RUNTIME gradients: ONNX Runtime failed: .*ConvTranspose/);
    };
    if (place === 'webgpu') {
      test.each(['dense.opset13', 'inception.opset11'])(
        '%s, which the runtime would compute wrongly, is refused by the name of the node',
        { timeout: 900_000 },
        async (network) => {
          const error = await page.evaluate(
            (name) =>
              hybridcamTestPage.gradients('webgpu', name, []).then(
                () => 'none',
                ({ code, message }) => `${code} ${message}`,
              ),
            network,
          );
          expect(error).toMatch(/^UNSUPPORTED createOnnxModel: .* Conv "\/.*channels into .*wasm/);
        },
      );
      test('an operator that the graphics card lacks is a typed error', { timeout: 900_000 }, typedError);
    }
  });
});

async function onNode(
  network: string,
): Promise<{ layers: string[]; logits: Float32Array; gradients: Float32Array[] }> {
  const bytes = new Uint8Array(readFileSync(path.join(fixtures, `${network}.onnx`)));
  const model = await createOnnxModel(bytes, { ort: node, name: network });
  try {
    const layers = model.layers.flatMap(({ name, gradient }) => (gradient === 'unavailable' ? [] : [name]));
    const { channels, height = 24, width = 24 } = model.input;
    const input = view(randomFloats(1, channels * height * width), [1, channels, height, width]);
    const pass = await model.forward(input, { layers });
    const cotangent = view(randomFloats(2, model.classCount), [1, model.classCount]);
    const found = await pass.gradients(layers, cotangent);
    return { layers, logits: pack(pass.logits), gradients: layers.map((layer) => pack(found.get(layer)!)) };
  } finally {
    await model.dispose();
  }
}
