import { crossLayerHybrid, hybrid } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import {
  downloaded,
  hasChromium,
  live,
  npyValues,
  openPage,
  openSite,
  reads,
  type Site,
} from './open-page.ts';
import { type Oracle, openOracle } from './oracle.ts';

describe.skipIf(!hasChromium)('libraries and backends (skipped where there is no Chromium)', () => {
  let oracle: Oracle;
  beforeAll(async () => {
    oracle = await openOracle('fish');
  });

  describe('with a GPU, here one made of software', () => {
    let site: Site;
    beforeAll(async () => {
      site = await openSite({ graphics: 'software' });
    });
    afterAll(() => site?.close());

    test.each(['wasm', 'webgl', 'webgpu'] as const)(
      'TensorFlow.js on %s gives explain’s maps',
      async (backend) => {
        const { page, complaints } = await openPage(site, { hash: `runtime=tfjs-${backend}` });
        onTestFinished(() => page.context().close());
        await live(page);
        expect(await page.textContent('#runtime')).toMatch(
          new RegExp(`^tfjs 4\\.22\\.0 \\(${backend}\\) · explained in`),
        );
        expect(await page.inputValue('#runtime-wish')).toBe(`tfjs-${backend}`);
        const map = await oracle.saliency({ method: hybrid({ alpha: 0.7 }) });
        expectClose(npyValues(await downloaded(page, '#save-npy')), map, { absolute: 1e-4 });
        expect(complaints).toEqual([]);
        // A GPU made of software takes minutes for WebGPU's shaders: there the head alone.
        if (backend === 'webgpu') return;
        // Through a layer whose gradient is not the head's weights alone.
        await page.selectOption('#method', 'cross-layer-hybrid');
        await live(page);
        const cross = await oracle.saliency({ method: crossLayerHybrid({ alpha: 0.7 }) });
        expectClose(npyValues(await downloaded(page, '#save-npy')), cross, { absolute: 1e-4 });
        expect(complaints).toEqual([]);
      },
    );

    test('one library after the other, and back', async () => {
      const { page, complaints } = await openPage(site);
      onTestFinished(() => page.context().close());
      await live(page);
      for (const [wish, runtime] of [
        ['tfjs-webgl', /^tfjs 4\.22\.0 \(webgl\)/],
        ['tfjs-wasm', /^tfjs 4\.22\.0 \(wasm\)/],
        ['onnx-wasm', /^onnxruntime-web 1\.30\.0 \(wasm\)/],
      ] as const) {
        await page.selectOption('#runtime-wish', wish);
        await reads(page, '#runtime', runtime);
        await live(page);
        expect(await page.textContent('.bar .name')).toBe('fish');
      }
      expect(complaints).toEqual([]);
    });
  });

  test('without a GPU wasm runs, and every reason is shown', async () => {
    const site = await openSite({ graphics: 'none' });
    onTestFinished(() => site.close());
    const { page } = await openPage(site, { hash: 'runtime=tfjs-webgpu' });
    await live(page);
    expect(await page.textContent('#runtime')).toMatch(
      /^tfjs 4\.22\.0 \(wasm\) .* Not as chosen: .*WebGPU.*; this browser gives no WebGL 2\.$/,
    );
    expect(await page.inputValue('#runtime-wish')).toBe('tfjs-webgpu');
  });
});
