import {
  boxScore,
  type Explanation,
  embeddingSimilarity,
  explain,
  logit,
  multiLabel,
  regionMean,
  view,
} from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import * as ort from 'onnxruntime-node';
import { describe, expect, test } from 'vitest';
import { createOnnxModel, writeModel } from '../src/index.ts';

const input = view(
  Float32Array.from({ length: 16 }, (_, i) => (i % 4 < 2 ? 1 : 0.25) * (i < 8 ? 1 : 0.5)),
  [1, 1, 4, 4],
);

/** Two features of a 4×4 image, x and 1 − x; then a head. */
function network(nodes: object[], initializers: object[], outputs: readonly number[]) {
  const bytes = writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: ['batch', 1, 4, 4] }],
      outputs: [{ name: 'scores', dataType: 'float32', shape: ['batch', ...outputs] }],
      nodes: [
        { opType: 'Conv', inputs: ['image', 'kernel', 'shift'], outputs: ['conv'] },
        { opType: 'Relu', name: '/features/Relu', inputs: ['conv'], outputs: ['map'] },
        ...nodes,
      ],
      initializers: [
        { name: 'kernel', dims: [2, 1, 1, 1], dataType: 'float32', data: [1, -1] },
        { name: 'shift', dims: [2], dataType: 'float32', data: [0, 1] },
        ...initializers,
      ],
    },
  } as Parameters<typeof writeModel>[0]);
  return createOnnxModel(bytes, { ort, name: 'targets.onnx' });
}

const linearHead = (rows: number[][]) =>
  network(
    [
      { opType: 'GlobalAveragePool', inputs: ['map'], outputs: ['pooled'] },
      { opType: 'Flatten', inputs: ['pooled'], outputs: ['flat'] },
      { opType: 'Gemm', inputs: ['flat', 'weight'], outputs: ['scores'] },
    ],
    [
      {
        name: 'weight',
        dims: [2, rows.length],
        dataType: 'float32',
        data: [0, 1].flatMap((k) => rows.map((row) => row[k]!)),
      },
    ],
    [rows.length],
  );

/** A segmentation network: a 1×1 convolution to two classes per pixel. */
const segmentation = () =>
  network(
    [{ opType: 'Conv', inputs: ['map', 'classifier'], outputs: ['scores'] }],
    [{ name: 'classifier', dims: [2, 2, 1, 1], dataType: 'float32', data: [1, -1, -1, 1] }],
    [2, 4, 4],
  );

/**
 * A detector: one candidate per cell, a table [centre x, centre y, width, height, 2 class scores] × 16. Every box is one pixel; the
 * class scores are those of `segmentation`.
 */
const detector = () =>
  network(
    [
      { opType: 'Conv', inputs: ['map', 'classifier'], outputs: ['dense'] },
      { opType: 'Reshape', inputs: ['dense', 'table'], outputs: ['classScores'] },
      { opType: 'Shape', inputs: ['image'], outputs: ['size'] },
      { opType: 'Gather', inputs: ['size', 'first'], outputs: ['batch'] },
      { opType: 'Concat', inputs: ['batch', 'table2'], outputs: ['boxesShape'], attributes: { axis: 0 } },
      { opType: 'Expand', inputs: ['boxes', 'boxesShape'], outputs: ['allBoxes'] },
      { opType: 'Concat', inputs: ['allBoxes', 'classScores'], outputs: ['scores'], attributes: { axis: 1 } },
    ],
    [
      { name: 'classifier', dims: [2, 2, 1, 1], dataType: 'float32', data: [1, -1, -1, 1] },
      { name: 'table', dims: [3], dataType: 'int64', data: [0, 2, 16] },
      { name: 'table2', dims: [2], dataType: 'int64', data: [4, 16] },
      { name: 'first', dims: [1], dataType: 'int64', data: [0] },
      {
        name: 'boxes',
        dims: [1, 4, 16],
        dataType: 'float32',
        data: [0, 1, 2, 3].flatMap((value) =>
          Array.from({ length: 16 }, (_, cell) =>
            value === 0 ? (cell % 4) + 0.5 : value === 1 ? Math.floor(cell / 4) + 0.5 : 1,
          ),
        ),
      },
    ],
    [6, 16],
  );

describe('targets beyond one class', () => {
  test('explain(…, multiLabel) adds the maps of its classes', async () => {
    const model = await linearHead([
      [1, 0],
      [0, 2],
      [-1, 0],
    ]);
    const options = { method: 'hires-cam', normalize: 'none' } as const;
    const both = await explain(model, input, { ...options, target: multiLabel([0, 1]) });
    const maps: Explanation[] = [];
    for (const classIndex of [0, 1])
      maps.push(await explain(model, input, { ...options, target: logit(classIndex) }));
    expectClose(
      both.cam.data,
      maps[0]!.cam.data.map((value, i) => value + maps[1]!.cam.data[i]!),
      { absolute: 1e-7 },
    );
    await model.dispose();
  });

  test('explain(…, embeddingSimilarity) shows what makes the output like the reference', async () => {
    const model = await linearHead([
      [1, 0],
      [0, 1],
    ]);
    const bright = await explain(model, input, { target: embeddingSimilarity([1, 0]), method: 'grad-cam' });
    const dark = await explain(model, input, { target: embeddingSimilarity([0, 1]), method: 'grad-cam' });
    expect(bright.cam.get(0, 0)).toBe(1);
    expect(dark.cam.get(3, 3)).toBe(1);
    expect(dark.cam.get(0, 0)).toBe(0);
    await model.dispose();
  });

  test('explain(…, regionMean) of a segmentation network looks at the region alone', async () => {
    const model = await segmentation();
    expect(model.outputShape).toEqual([2, 4, 4]);
    const region = Array.from({ length: 16 }, (_, i) => i < 4);
    const found = await explain(model, input, {
      target: regionMean(0, region),
      targetLayer: 'features',
      method: 'hires-cam',
      normalize: 'none',
    });
    expect(found.record.target.value).toBeCloseTo((2 * (1 - 0) + 2 * (0.25 - 0.75)) / 4, 6);
    expectClose(found.cam, [
      [0.25, 0.25, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
      [0, 0, 0, 0],
    ]);
    await model.dispose();
  });

  test('explain(…, boxScore) of a detector looks at what one box was found in', async () => {
    const model = await detector();
    expect(model.outputShape).toEqual([6, 16]);
    const found = await explain(model, input, {
      target: boxScore(0, [1, 1, 2, 2], { candidates: 16, layout: 'columns' }),
      targetLayer: 'features',
      method: 'hires-cam',
      normalize: 'none',
    });
    expect(found.record.target.value).toBe(1);
    expect(found.record.class).toBeNull();
    expect(found.cam.get(1, 1)).toBe(1);
    expect(found.cam.data.filter((value) => value !== 0)).toHaveLength(1);
    await model.dispose();
  });

  test('explain of a dense output without a finished target is refused before the model runs', async () => {
    const model = await segmentation();
    for (const request of [{}, { classIndex: 3 }, { target: logit }]) {
      await expect(explain(model, input, request)).rejects.toThrow(
        /finished target, such as regionMean or boxScore, for a model whose output is \[2,4,4\]/,
      );
    }
    await model.dispose();
  });

  test('explain of a dense output takes methods that run the model many times', async () => {
    const model = await segmentation();
    const region = Array.from({ length: 16 }, (_, i) => i < 4);
    const options = { target: regionMean(0, region), targetLayer: 'features', normalize: 'none' } as const;
    const ablated = await explain(model, input, { ...options, method: 'ablation-cam' });
    // y = 0.25; without x it is −0.375 (the mean of −(1 − x)), without 1 − x it is 0.625: w = [2.5, −1.5].
    expectClose(
      ablated.cam.data,
      input.data.map((x) => Math.max(2.5 * x - 1.5 * (1 - x), 0)),
      { absolute: 1e-6 },
    );
    const occluded = await explain(model, input, {
      target: regionMean(0, region),
      method: { name: 'occlusion', settings: { window: 1, stride: 1 } },
      normalize: 'none',
    });
    expect(occluded.cam.data.slice(4).every((value) => value === 0)).toBe(true);
    await model.dispose();
  });
});
