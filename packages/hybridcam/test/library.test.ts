import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pack } from '@hybridcam/core';
import { heatmap, inferno, jetMatplotlib, sheet } from '@hybridcam/viz';
import { beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import {
  explain,
  explainMany,
  hybrid,
  type ImageExplanation,
  type ImageExplanationRecord,
  type LoadedModel,
  loadModel,
  type MethodCall,
  type NdArray,
  type Picture,
  type Scores,
  type Status,
} from '../src/index.ts';
import { temporaryFolder } from './temporary-folder.ts';
import { TINY_LABELS, tinyModel, tinyModelWithExternalData } from './tiny-model.ts';
import { tinyPicture, tinyPng } from './tiny-picture.ts';

const preprocessing = { resize: { size: 36 }, crop: { size: 32 } };
let folder: string;
let model: LoadedModel;

beforeEach(async () => {
  folder = temporaryFolder();
  writeFileSync(join(folder, 'cat.png'), tinyPng());
  model = await loadModel(tinyModel(), { labels: TINY_LABELS, preprocessing });
  return () => model.dispose();
});

describe('the frozen interface', () => {
  it('has the types of the three lines', () => {
    expectTypeOf(loadModel).toBeCallableWith('model.onnx', { labels: 'labels.txt' });
    expectTypeOf(loadModel).returns.resolves.toEqualTypeOf<LoadedModel>();
    expectTypeOf(hybrid).toBeCallableWith({ alpha: 0.7 });
    expectTypeOf(hybrid).returns.toEqualTypeOf<MethodCall>();
    expectTypeOf(explain).toBeCallableWith(model, 'cat.jpg', {
      method: hybrid({ alpha: 0.7 }),
      signal: new AbortController().signal,
    });
    expectTypeOf(explain).returns.resolves.toEqualTypeOf<ImageExplanation>();
    expectTypeOf<ImageExplanation['overlay']>().returns.toEqualTypeOf<Picture>();
    expectTypeOf<Picture['save']>().toEqualTypeOf<(path: string) => Promise<void>>();
    expectTypeOf<ImageExplanation['cam']>().toEqualTypeOf<NdArray<Float32Array>>();
    expectTypeOf<ImageExplanation['saliencyMap']>().toEqualTypeOf<NdArray<Float32Array>>();
    expectTypeOf<ImageExplanation['scores']>().toEqualTypeOf<Scores>();
    expectTypeOf<ImageExplanation['status']>().toEqualTypeOf<Status>();
    expectTypeOf<ImageExplanation['record']>().toEqualTypeOf<ImageExplanationRecord>();
  });
});

describe('explain', () => {
  it('takes a path, a file URL, the bytes of a file and decoded pixels, with one result', async () => {
    const path = join(folder, 'cat.png');
    const sources = [path, new URL(`file://${path}`), tinyPng(), tinyPicture()];
    const found = await Promise.all(sources.map((source) => explain(model, source)));
    for (const e of found) expect(e.cam.data).toEqual(found[0]!.cam.data);
    expect(found.map(({ record }) => record.image.name)).toEqual(['cat.png', 'cat.png', null, null]);
    expect(found[0]!.status).toBe('ok');
    expect(found[0]!.scores.probabilities.shape).toEqual([5]);
    expect(found[0]!.saliencyMap.shape).toEqual([32, 32]);
  });

  it('computes the saliency map when it is read, not before', async () => {
    const e = await explain(model, tinyPicture());
    const descriptor = Object.getOwnPropertyDescriptor(e, 'saliencyMap');
    expect(descriptor?.get).toBeTypeOf('function');
    expect(e.saliencyMap).toBe(e.saliencyMap);
  });

  it('draws on the whole photograph by default, on the network’s input on request or with the notebook preset', async () => {
    const e = await explain(model, tinyPicture(480, 400));
    const size = ({ width, height }: Picture) => [width, height];
    expect(size(e.overlay())).toEqual([480, 400]);
    expect(size(e.overlay({ maxSide: 120 }))).toEqual([120, 100]);
    expect(size(e.overlay({ on: 'input' }))).toEqual([32, 32]);
    expect(size(e.heatmap())).toEqual([32, 32]);
    const notebook = await explain(model, tinyPicture(480, 400), { preset: 'notebook' });
    expect(size(notebook.overlay())).toEqual([32, 32]);
    expect(() => e.overlay({ maxSide: 0 })).toThrow(/whole pixels/);
  });

  it('saves with the notebook preset what the notebook saves: cells in matplotlib’s jet, from smallest to largest', async () => {
    const notebook = await explain(model, tinyPicture(), { preset: 'notebook' });
    const file = notebook.heatmap();
    expect([file.width, file.height]).toEqual([8, 8]);
    expect(file.data).toEqual(heatmap(notebook.cam, { colormap: jetMatplotlib, range: 'minmax' }).data);
    expect(notebook.heatmap({ at: 'input' }).width).toBe(32);
    const own = await explain(model, tinyPicture());
    expect(own.heatmap({ at: 'layer' }).data).toEqual(heatmap(own.cam, { colormap: inferno }).data);
  });

  it('puts a raw heatmap above a colour bar in its own unit, and the bare colours on request', async () => {
    const raw = await explain(model, tinyPicture(), { method: 'grad-cam', normalize: 'none' });
    const high = Math.max(...pack(raw.saliencyMap));
    const bare = heatmap(raw.saliencyMap, { colormap: inferno, range: [0, high] });
    expect(raw.heatmap({ legend: false }).data).toEqual(bare.data);
    const page = sheet([[{ image: bare }]], {
      legend: { colormap: inferno, low: 0, high, title: `evidence (in units of ${raw.target.description})` },
    });
    expect(raw.range.unit).toBe('score');
    expect(raw.heatmap().data).toEqual(page.data);
    expect(raw.heatmap({ at: 'layer' }).width).toBe(8);
    const own = await explain(model, tinyPicture());
    expect(own.heatmap({ legend: true }).height).toBeGreaterThan(224);
  });

  it('calls a map normalised above its colour bar only where it is, whatever the preset', async () => {
    const request = { method: 'grad-cam', preset: 'notebook' } as const;
    for (const normalize of ['none', 'max'] as const) {
      const found = await explain(model, tinyPicture(), { ...request, normalize });
      const values = pack(found.cam);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const bare = heatmap(found.cam, { colormap: jetMatplotlib, range: 'minmax', badge: false });
      const unit = normalize === 'none' ? `in units of ${found.target.description}` : 'normalised';
      const page = sheet([[{ image: bare }]], {
        cellSize: 224,
        legend: { colormap: jetMatplotlib, low, high, title: `evidence (${unit})` },
      });
      expect(found.heatmap({ legend: true }).data).toEqual(page.data);
      // The notebook draws none of itself.
      expect(found.heatmap().data).toEqual(bare.data);
    }
  });

  it('saves whole PNG files', async () => {
    const e = await explain(model, tinyPicture());
    await e.overlay().save(join(folder, 'new', 'cat.png'));
    expect(readdirSync(join(folder, 'new'))).toEqual(['cat.png']);
    expect([...e.overlay().toPng().subarray(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)));
  });

  it('keeps a record of plain JSON with every choice', async () => {
    const { record } = await explain(model, join(folder, 'cat.png'), {
      method: 'grad-cam',
      classIndex: 'cat',
    }).catch(() => explain(model, join(folder, 'cat.png'), { method: 'grad-cam', classIndex: 2 }));
    expect(JSON.parse(JSON.stringify(record))).toEqual(record);
    expect(record).toMatchObject({
      method: { name: 'grad-cam', alpha: null },
      class: { index: 2, label: 'n00000003_cat' },
      image: { name: 'cat.png', width: 48, height: 40 },
      preprocessing: { resize: { size: 36 } },
    });
  });

  it('stops when aborted', async () => {
    const e = explain(model, tinyPicture(), { signal: AbortSignal.abort(new Error('enough')) });
    await expect(e).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('fits the preset to the size that the model declares', async () => {
    const fixed = await loadModel(tinyModel({ shape: [1, 3, 32, 32] }));
    const { record } = await explain(fixed, tinyPicture());
    expect(record.preprocessing).toMatchObject({ resize: { size: 37 }, crop: { size: [32, 32] } });
    await fixed.dispose();
  });

  it('refuses sizes that the model does not take, and names its own', async () => {
    const fixed = await loadModel(tinyModel({ shape: [1, 3, 32, 32] }), {
      preprocessing: { crop: { size: 48 } },
    });
    await expect(explain(fixed, tinyPicture())).rejects.toMatchObject({
      code: 'SHAPE',
      message: expect.stringMatching(/input of 32×32.*gives 48×48.*resize 37 and crop 32/),
    });
    await fixed.dispose();
  });
});

describe('explainMany', () => {
  it('makes every alpha from one forward pass, alpha 1 being Grad-CAM and alpha 0 LayerCAM', async () => {
    let passes = 0;
    const forward: LoadedModel['forward'] = (...args) => {
      passes++;
      return model.forward(...args);
    };
    const [layerCam, one, zero, gradCam] = await explainMany({ ...model, forward }, tinyPicture(), [
      { method: 'layer-cam' },
      { method: hybrid({ alpha: 1 }) },
      { method: hybrid({ alpha: 0 }) },
      { method: 'grad-cam' },
    ]);
    expect(passes).toBe(1);
    expect(one!.cam.data).toEqual(gradCam!.cam.data);
    expect(zero!.cam.data).toEqual(layerCam!.cam.data);
  });
});

describe('loadModel', () => {
  it('takes weights in other files as bytes', async () => {
    const { model: bytes, weights } = tinyModelWithExternalData('weights.bin');
    const split = await loadModel(bytes, {
      preprocessing,
      externalData: new Map([['weights.bin', weights]]),
    });
    const [a, b] = await Promise.all([explain(split, tinyPicture()), explain(model, tinyPicture())]);
    expect(a.cam.data).toEqual(b.cam.data);
    await split.dispose();
  });

  it('says what is wrong with labels, preprocessing and URLs', async () => {
    await expect(loadModel(tinyModel(), { labels: ['one'] })).rejects.toThrow(/expected 5 names.*received 1/);
    // @ts-expect-error an unknown preset
    await expect(loadModel(tinyModel(), { preprocessing: 'torch' })).rejects.toMatchObject({
      code: 'OPTION',
    });
    await expect(loadModel(new URL('https://example.com/model.onnx'))).rejects.toMatchObject({
      code: 'OPTION',
    });
    await expect(loadModel(join(folder, 'none.onnx'))).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });
});
