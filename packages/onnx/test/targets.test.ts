import {
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
function network(nodes: object[], initializers: object[], outputs: number) {
  const bytes = writeModel({
    opsets: { '': 17 },
    graph: {
      inputs: [{ name: 'image', dataType: 'float32', shape: ['batch', 1, 4, 4] }],
      outputs: [{ name: 'scores', dataType: 'float32', shape: ['batch', outputs] }],
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
    rows.length,
  );

/** A 1×1 convolution to two classes per pixel, handed out flat. */
const denseHead = () =>
  network(
    [
      { opType: 'Conv', inputs: ['map', 'classifier'], outputs: ['dense'] },
      { opType: 'Flatten', inputs: ['dense'], outputs: ['scores'] },
    ],
    [{ name: 'classifier', dims: [2, 2, 1, 1], dataType: 'float32', data: [1, -1, -1, 1] }],
    32,
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
    const model = await denseHead();
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

  test('explain(…, logit of a flattened detection) looks at one box and class', async () => {
    const model = await denseHead();
    // Read as 16 boxes of two class scores each, class-major: box 5 is cell (1, 1).
    const found = await explain(model, input, {
      target: logit(0 * 16 + 5),
      targetLayer: 'features',
      method: 'hires-cam',
      normalize: 'none',
    });
    expect(found.cam.get(1, 1)).toBe(1);
    expect(found.cam.data.filter((value) => value !== 0)).toHaveLength(1);
    await model.dispose();
  });
});
