import { readFileSync } from 'node:fs';
import { explain, hybrid, pack } from '@hybridcam/core';
import { type PresetName, preprocess, presets, withInputSize } from '@hybridcam/image';
import { decode } from '@hybridcam/image/node';
import { createOnnxModel } from '@hybridcam/onnx';
import { exampleScenes, generateScene } from '@hybridcam/scenes';
import { expectClose, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { encodePng } from '@hybridcam/viz';
import * as ort from 'onnxruntime-node';
import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { brightnessModel } from './brightness-model.ts';
import {
  downloaded,
  hasChromium,
  live,
  npyValues,
  openPage,
  openSite,
  reads,
  type Site,
  visit,
} from './open-page.ts';
import { drop } from './page-files.ts';

const close = { absolute: 1e-4 };

describe.skipIf(!hasChromium)('files on the page (skipped where there is no Chromium)', () => {
  let site: Site;
  let page: Page;
  let complaints: string[];

  beforeAll(async () => {
    site = await openSite();
    ({ page, complaints } = await openPage(site));
    await live(page);
  });
  afterAll(() => site?.close());

  const savedMap = async () => npyValues(await downloaded(page, '#save-npy'));
  const savedRecord = async () => JSON.parse((await downloaded(page, '#save-record')).toString());
  /** Chooses files as a model and waits until the page shows it. */
  const openModel = async (files: readonly Upload[]): Promise<void> => {
    await page.setInputFiles('#model-file', [...files]);
    await reads(page, '.network-name', files[0]!.name);
    await live(page);
  };

  test('a picture that is dropped is explained', async () => {
    await visit(page);
    await drop(page, [{ name: 'gradient.png', type: 'image/png', bytes: gradientPng(640, 400) }]);
    await pictureNamed(page, '640 × 400');
    const record = await savedRecord();
    expect(record.picture).toEqual({ name: 'gradient.png', width: 640, height: 400 });
    expect(record.geometry.original).toEqual({ width: 640, height: 400 });
    await page.waitForFunction(() => location.hash.includes('picture=own'));
  });

  test('a picture that is pasted is explained', async () => {
    await visit(page);
    await paste(page, gradientPng(300, 500));
    await pictureNamed(page, '300 × 500');
    const ratio = await page.$eval('.stage .overlay', (shown) => shown.clientWidth / shown.clientHeight);
    expect(ratio).toBeCloseTo(300 / 500, 1);
  });

  test('a file of 65535 × 65535 pixels is refused by its header, and the page stays as it was', async () => {
    await visit(page);
    await paste(page, gradientPng(300, 500));
    await pictureNamed(page, '300 × 500');
    const bytes = gradientPng(4, 4);
    bytes.writeUInt32BE(65535, 16);
    bytes.writeUInt32BE(65535, 20);
    await drop(page, [{ name: 'bomb.png', type: 'image/png', bytes }]);
    await reads(page, '#notice', /65535×65535/);
    await live(page);
    expect(await page.textContent('#seen')).toContain('300 × 500');
    expect((await savedRecord()).picture.height).toBe(500);
  });

  test('a file that is no picture is refused in words', async () => {
    await visit(page);
    await drop(page, [{ name: 'cat.jpg', type: 'image/jpeg', bytes: Buffer.from('not a picture') }]);
    await reads(page, '#notice', /expected/);
    expect(await page.isVisible('#notice')).toBe(true);
  });

  test('a corrupt model is refused in words, and the sample network goes on', async () => {
    await visit(page);
    await page.setInputFiles('#model-file', {
      name: 'broken.onnx',
      mimeType: 'application/octet-stream',
      buffer: Buffer.from([8, 7, 255, 255, 255, 1, 2, 3]),
    });
    await reads(page, '#notice', /onnx/i);
    await live(page);
    await page.click('.thumbnail >> nth=1');
    await reads(page, '.bar .name', 'house');
    await live(page);
    expect(await page.isHidden('#notice')).toBe(true);
    await page.waitForFunction(() => !location.hash.includes('model=own'));
  });

  test('a model of one’s own with its labels equals explain in Node', async () => {
    await visit(page, 'picture=house');
    await openModel([onnxUpload(), textUpload('red thing\ngreen thing\nblue thing\n')]);
    expect(await page.textContent('#network')).toContain('a guess');
    expect(
      await page.$$eval('#classes .bars:first-child .name', (all) =>
        all.map((name) => name.textContent).sort(),
      ),
    ).toEqual(expect.arrayContaining(['blue thing', 'green thing', 'red thing']));
    const record = await savedRecord();
    const model = await createOnnxModel(brightnessModel(), { ort: ort as never, name: 'corners.onnx' });
    const { input } = preprocess(generateScene(exampleScenes[1]!.options).image, record.preprocessing);
    const { saliencyMap } = await explain(model, input, {
      method: hybrid({ alpha: 0.7 }),
      classIndex: record.class.index,
    });
    expectClose(await savedMap(), pack(saliencyMap), close);
    await model.dispose();
  });

  test('the same network as a TensorFlow.js model.json gives the same map', async () => {
    await visit(page, 'picture=house');
    await openModel(tfjsUpload('weights.bin'));
    await reads(page, '#runtime', /tfjs 4\.22\.0 \(wasm\)/);
    expectClose(await savedMap(), await modelMap(brightnessModel(), 'keras-tf'), close);
    expect(await page.isDisabled('#runtime-wish option[value=onnx-wasm]')).toBe(true);
  });

  test('a model.json without its weights is refused, naming the file, and another model can follow', async () => {
    await visit(page);
    await page.setInputFiles('#model-file', tfjsUpload('other.bin'));
    await reads(page, '#notice', /weights\.bin/);
    await openModel([onnxUpload()]);
    expect(await page.isHidden('#notice')).toBe(true);
  });

  test('another preparation is used and recorded', async () => {
    await visit(page);
    await openModel([onnxUpload()]);
    await page.selectOption('#preset', 'zero-one');
    await live(page);
    expect((await savedRecord()).preprocessing.std).toEqual([1, 1, 1]);
    expect(await page.textContent('#network')).not.toContain('a guess');
  });

  test('labels of another count are named as the reason why there are none', async () => {
    await visit(page);
    await openModel([onnxUpload(), textUpload('one\ntwo\n')]);
    await reads(page, '#network', /labels\.txt holds 2 names, but the network has 3 classes\./);
    expect(await page.textContent('.bar .name')).toMatch(/^class \d$/);
  });

  test('labels that come later name the classes of the model that is open', async () => {
    await visit(page);
    await openModel([onnxUpload()]);
    await page.selectOption('#preset', 'zero-one');
    await live(page);
    expect(await page.textContent('.bar .name')).toMatch(/^class \d$/);
    const { buffer } = textUpload('red thing\ngreen thing\nblue thing\n');
    await drop(page, [{ name: 'labels.txt', type: 'text/plain', bytes: buffer }]);
    await reads(page, '.bar .name', / thing$/);
    await live(page);
    expect(await page.inputValue('#preset')).toBe('zero-one');
    expect(await page.isHidden('#notice')).toBe(true);
  });

  test('labels for the sample network are refused in words', async () => {
    await visit(page);
    await drop(page, [{ name: 'labels.txt', type: 'text/plain', bytes: Buffer.from('one\ntwo\n') }]);
    await reads(page, '#notice', /labels\.txt holds names of classes, and the network that runs has its own/);
    expect(await page.textContent('.bar .name')).toBe('fish');
  });

  test('of two photographs the first is explained, and the page says so', async () => {
    await visit(page);
    await drop(page, [
      { name: 'first.png', type: 'image/png', bytes: gradientPng(120, 80) },
      { name: 'second.png', type: 'image/png', bytes: gradientPng(60, 80) },
    ]);
    await pictureNamed(page, '120 × 80');
    await reads(page, '#notice', /first\.png is shown/);
  });

  test('model, labels and photograph together: each goes where it belongs', async () => {
    await visit(page);
    await drop(page, [
      { name: 'photo.png', type: 'image/png', bytes: gradientPng(90, 70) },
      { name: 'labels.txt', type: 'text/plain', bytes: Buffer.from('red thing\ngreen thing\nblue thing\n') },
      { name: 'corners.onnx', type: '', bytes: onnxUpload().buffer },
    ]);
    await pictureNamed(page, '90 × 70');
    await reads(page, '.network-name', 'corners.onnx');
    await reads(page, '.bar .name', / thing$/);
    expect((await savedRecord()).picture.name).toBe('photo.png');
  });

  test('a broken model with a good photograph: the photograph is explained by the network from before', async () => {
    await visit(page);
    await drop(page, [
      { name: 'photo.png', type: 'image/png', bytes: gradientPng(91, 70) },
      { name: 'broken.onnx', type: '', bytes: Buffer.from([8, 7, 255, 255, 255, 1, 2, 3]) },
    ]);
    await pictureNamed(page, '91 × 70');
    await reads(page, '#notice', /broken\.onnx|onnx/i);
    await reads(page, '.network-name', 'Scenes, a small ResNet');
  });

  test.each([
    ['model', 'broken.onnx', Buffer.from([8, 7, 255, 255, 255, 1, 2, 3])],
    ['picture', 'broken.jpg', Buffer.from('not a picture')],
  ])('a broken %s leaves class, contrast, layer and all results as they were', async (_, name, bytes) => {
    const hash = 'picture=house&layer=layer3.0&classIndex=2&against=1';
    await visit(page, hash);
    await page.click('#run-compare');
    await page.waitForSelector('.grid figure >> nth=3');
    await reads(page, '#run-compare', 'Run every method');
    await page.click('#run-curves');
    await reads(page, '#trust [role=status]', /took/);
    const shown = () =>
      page.evaluate(() =>
        ['.caption-class', '#trust', '.grid', '#classes'].map(
          (selector) => document.querySelector(selector)!.textContent,
        ),
      );
    const before = await shown();
    await drop(page, [{ name, type: '', bytes }]);
    await reads(page, '#notice', /expected|onnx/i);
    await live(page);
    expect(await shown()).toEqual(before);
    await page.waitForFunction((wanted) => location.hash === `#${wanted}`, hash);
    expect((await savedRecord()).class.index).toBe(2);
  });

  test('a photograph of 48 megapixels is explained', async () => {
    await visit(page);
    const bytes = await sharp(gradientPixels(800, 600), { raw: { width: 800, height: 600, channels: 4 } })
      .removeAlpha()
      .resize(8000, 6000, { kernel: 'nearest' })
      .jpeg({ quality: 80 })
      .toBuffer();
    await drop(page, [{ name: 'large.jpg', type: 'image/jpeg', bytes }]);
    await pictureNamed(page, '8000 × 6000');
    expect(await page.isHidden('#notice')).toBe(true);
    expect((await savedRecord()).geometry.original).toEqual({ width: 8000, height: 6000 });
  });

  test.each([
    [2000, 40],
    [40, 2000],
  ])('a picture of %d × %d keeps a size that can be read, in its own shape', async (width, height) => {
    await visit(page);
    await drop(page, [{ name: 'line.png', type: 'image/png', bytes: gradientPng(width, height) }]);
    await pictureNamed(page, `${width} × ${height}`);
    const [shownWidth, shownHeight] = await page.$eval('.stage .overlay', (shown) => [
      shown.clientWidth,
      shown.clientHeight,
    ]);
    expect(Math.min(shownWidth!, shownHeight!)).toBeGreaterThanOrEqual(96);
    expect(shownWidth! / shownHeight! / (width / height)).toBeCloseTo(1, 1);
    expect(
      await page.evaluate(() => document.scrollingElement!.scrollWidth - innerWidth),
    ).toBeLessThanOrEqual(0);
  });

  test('back to the sample network', async () => {
    await visit(page, 'picture=house');
    await openModel([onnxUpload()]);
    await page.click('#use-scenes');
    await reads(page, '.network-name', 'Scenes, a small ResNet');
    await live(page);
    expect(await page.textContent('.bar .name')).toBe('house');
  });

  test('the camera gives a still', async () => {
    await visit(page);
    await page.click('#camera');
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await page.click('text=Take the picture');
    await pictureNamed(page, '640 × 480');
    expect((await savedRecord()).picture.name).toBe('camera');
  });

  test('the live camera explains one frame after the other, until it is closed', async () => {
    await visit(page);
    await page.click('#camera');
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    const changes = page.evaluate(
      () =>
        new Promise<number>((resolve) => {
          let count = 0;
          // The mark of work goes with every explained frame.
          const observer = new MutationObserver(() => {
            if (document.body.hasAttribute('data-busy') || ++count < 6) return;
            observer.disconnect();
            resolve(count);
          });
          observer.observe(document.body, { attributeFilter: ['data-busy'] });
        }),
    );
    await page.click('text=Live');
    expect(await changes).toBe(6);
    await page.click('text=Close');
    await live(page);
  });

  test('a real network on a real photograph equals explain in Node (skipped without ../shared)', async (context) => {
    if (!sharedFolder()) return context.skip('no ../shared folder');
    const file = sharedFile('models/mobilenet_v2_imagenet.onnx')!;
    const photograph = readFileSync(sharedFile('photos/n02099601_golden_retriever.JPEG')!);
    await visit(page);
    await page.setInputFiles('#model-file', [file, sharedFile('models/imagenet_classes.txt')!]);
    await reads(page, '.network-name', 'mobilenet_v2_imagenet.onnx');
    await live(page);
    await drop(page, [{ name: 'retriever.jpg', type: 'image/jpeg', bytes: photograph }]);
    await reads(page, '.bar .name', 'golden retriever');
    await live(page);
    const preset: PresetName = 'minus-one-one';
    expect(await page.inputValue('#preset')).toBe(preset);
    const model = await createOnnxModel(new Uint8Array(readFileSync(file)), {
      ort: ort as never,
      name: 'mobilenet',
    });
    const { input } = preprocess(await decode(photograph), { preset });
    const { saliencyMap } = await explain(model, input, { method: hybrid({ alpha: 0.7 }) });
    expectClose(await savedMap(), pack(saliencyMap), close);
    await model.dispose();
  });

  test('nothing was refused, and nothing came from elsewhere', () => {
    expect(complaints).toEqual([]);
  });
});

/** The hybrid of the second sample by an ONNX model in Node. */
async function modelMap(bytes: Uint8Array, preset: PresetName): Promise<Float32Array> {
  const model = await createOnnxModel(bytes, { ort: ort as never, name: 'oracle' });
  const { input } = preprocess(
    generateScene(exampleScenes[1]!.options).image,
    withInputSize(presets[preset], { height: 32, width: 32 }),
  );
  const { saliencyMap } = await explain(model, input, { method: hybrid({ alpha: 0.7 }) });
  await model.dispose();
  return pack(saliencyMap);
}

async function pictureNamed(page: Page, size: string): Promise<void> {
  await reads(page, '#seen', new RegExp(size));
  await live(page);
}

async function paste(page: Page, png: Buffer): Promise<void> {
  await page.evaluate((base64) => {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], 'pasted.png', { type: 'image/png' }));
    document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
  }, png.toString('base64'));
}

interface Upload {
  readonly name: string;
  readonly mimeType: string;
  readonly buffer: Buffer;
}

function onnxUpload(): Upload {
  return {
    name: 'corners.onnx',
    mimeType: 'application/octet-stream',
    buffer: Buffer.from(brightnessModel()),
  };
}

function textUpload(text: string): Upload {
  return { name: 'labels.txt', mimeType: 'text/plain', buffer: Buffer.from(text) };
}

function tfjsUpload(weightsName: string): Upload[] {
  return [
    { name: 'model.json', mimeType: 'application/json', buffer: Buffer.from(brightnessJson()) },
    { name: weightsName, mimeType: 'application/octet-stream', buffer: Buffer.from(brightnessWeights()) },
  ];
}

function gradientPixels(width: number, height: number): Uint8Array {
  const data = new Uint8Array(width * height * 4);
  for (let i = 0; i < width * height; i++) {
    data.set([(255 * (i % width)) / width, (255 * i) / (width * height), 120, 255], 4 * i);
  }
  return data;
}

function gradientPng(width: number, height: number): Buffer {
  return Buffer.from(encodePng({ data: gradientPixels(width, height), width, height }));
}

/** The same three classes as a TensorFlow.js LayersModel. */
function brightnessJson(): string {
  const layer = (className: string, name: string, config: object) => ({
    class_name: className,
    name,
    config: { name, trainable: true, dtype: 'float32', ...config },
  });
  return JSON.stringify({
    format: 'layers-model',
    modelTopology: {
      keras_version: '2.4.0',
      backend: 'tensorflow',
      model_config: {
        class_name: 'Sequential',
        config: {
          name: 'corners',
          layers: [
            layer('Conv2D', 'mean', {
              batch_input_shape: [null, 32, 32, 3],
              filters: 3,
              kernel_size: [4, 4],
              strides: [4, 4],
              padding: 'valid',
              data_format: 'channels_last',
              activation: 'relu',
              use_bias: false,
            }),
            layer('GlobalAveragePooling2D', 'pooled', { data_format: 'channels_last' }),
            layer('Dense', 'logits', { units: 3, activation: 'linear', use_bias: true }),
          ],
        },
      },
    },
    weightsManifest: [
      {
        paths: ['weights.bin'],
        weights: [
          { name: 'mean/kernel', shape: [4, 4, 3, 3], dtype: 'float32' },
          { name: 'logits/kernel', shape: [3, 3], dtype: 'float32' },
          { name: 'logits/bias', shape: [3], dtype: 'float32' },
        ],
      },
    ],
  });
}

function brightnessWeights(): Uint8Array {
  const values = new Float32Array(4 * 4 * 3 * 3 + 9 + 3);
  for (let cell = 0; cell < 16; cell++) for (let c = 0; c < 3; c++) values[cell * 9 + c * 3 + c] = 1 / 16;
  values.set([3, -1, -1, -1, 3, -1, -1, -1, 3, 0, 0.1, 0.2], 144);
  return new Uint8Array(values.buffer);
}
