import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as node from 'onnxruntime-node';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type BakeOptions, bakeModel } from '../../src/index.ts';
import { branchModel, halfModel, tensorflowStyle } from '../graph-styles.ts';
import { toyModel } from '../toy-model.ts';
import { images, runPlain } from './baked-run.ts';

const named = process.env['HYBRIDCAM_PYTHON'];
const python = named ?? 'python3';
const script = fileURLToPath(
  new URL('../../../../tooling/reference/onnx-bake/run_baked.py', import.meta.url),
);
// A Python that is named must have both: a job that promises these tests shall not skip them.
const hasRuntime = named !== undefined || spawnSync(python, ['-c', 'import onnx, onnxruntime']).status === 0;

interface PythonRun {
  readonly metadata: Record<string, string>;
  readonly optional: string[];
  readonly outputs: Record<string, { shape: number[]; data: number[] }>;
}

interface PictureFeed {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

// A runtime that is not ours, and the format's own validator, where a Python with both is installed.
describe.skipIf(!hasRuntime)('baked files in Python (needs python3 with onnx and onnxruntime)', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'hybridcam-bake-'));
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const dims = [2, 3, 8, 8];
  const image = images(4, dims);

  function inPython(
    bytes: Uint8Array,
    feeds: Record<string, { dtype: string; data: number[] }> = {},
    picture: PictureFeed = { name: 'input', dtype: 'float32', shape: dims },
  ): PythonRun {
    const [model, input, output] = ['model.onnx', 'feeds.json', 'out.json'].map((name) => join(folder, name));
    writeFileSync(model!, bytes);
    const all = Object.entries(feeds).map(([name, feed]) => [name, { ...feed, shape: [feed.data.length] }]);
    const { name, ...rest } = picture;
    const values = image.slice(
      0,
      picture.shape.reduce((product, extent) => product * extent, 1),
    );
    const fed = { ...rest, data: Array.from(values) };
    writeFileSync(input!, JSON.stringify({ [name]: fed, ...Object.fromEntries(all) }));
    const { status, stderr } = spawnSync(python, [script, model!, input!, output!], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(readFileSync(output!, 'utf8')) as PythonRun;
  }

  const bake = (options: Partial<BakeOptions>, bytes = toyModel()) =>
    bakeModel(bytes, { ort: node, ...options });

  test.each([11, 13, 17, 18, 21])('pass the checker and give the same numbers, opset %i', async (opset) => {
    const baked = await bake(
      {
        method: 'cross-layer-hybrid',
        normalize: 'minmax',
        outputs: ['saliency', 'activations', 'gradients'],
      },
      toyModel({ opset }),
    );
    const ours = await runPlain(node, baked, { image, dims });
    const theirs = inPython(baked).outputs;
    expect(Object.keys(theirs)).toEqual(Object.keys(ours));
    for (const [name, { dims: shape, data }] of Object.entries(ours)) {
      expect(theirs[name]!.shape).toEqual(shape);
      const max = Math.max(...data.map(Math.abs));
      const worst = Math.max(...data.map((value, i) => Math.abs(value - theirs[name]!.data[i]!)));
      expect(worst / max, name).toBeLessThan(1e-5);
    }
  });

  const styles: [string, Uint8Array, PictureFeed, number][] = [
    ['half precision', halfModel(), { name: 'input', dtype: 'float16', shape: [2, 3, 8, 8] }, 5e-3],
    ['an If', branchModel('constant'), { name: 'input', dtype: 'float32', shape: [2, 3, 8, 8] }, 1e-5],
    [
      'an If by size',
      branchModel('from the size'),
      { name: 'input', dtype: 'float32', shape: [1, 3, 8, 8] },
      1e-5,
    ],
    ['channels last', tensorflowStyle(8, 8), { name: 'image', dtype: 'float32', shape: [2, 8, 8, 3] }, 1e-5],
  ];
  test.each(styles)(
    'pass the checker and give the same numbers: %s',
    async (_, bytes, picture, tolerance) => {
      const options = {
        method: 'cross-layer-hybrid',
        outputs: ['saliency', 'activations', 'gradients'],
      } as const;
      const baked = await bake(options, bytes);
      const size = picture.shape.reduce((product, extent) => product * extent, 1);
      const ours = await runPlain(node, baked, { image: image.subarray(0, size), dims: picture.shape });
      const theirs = inPython(baked, {}, picture).outputs;
      expect(Object.keys(theirs)).toEqual(Object.keys(ours));
      for (const [name, { data }] of Object.entries(ours)) {
        const max = Math.max(...data.map(Math.abs));
        const worst = Math.max(...data.map((value, i) => Math.abs(value - theirs[name]!.data[i]!)));
        expect(worst / max, name).toBeLessThan(tolerance);
      }
    },
  );

  test('take class and alpha, or leave them out', async () => {
    const baked = await bake({ layers: ['stem'], inputs: ['class', 'alpha'] });
    const alone = inPython(baked);
    expect(alone.optional).toEqual(['class', 'alpha']);
    expect(alone.metadata).toMatchObject({ 'hybridcam.method': 'hybrid', 'hybridcam.layers': 'stem' });
    const expected = async (options: Partial<BakeOptions>) =>
      (await runPlain(node, await bake({ layers: ['stem'], ...options }), { image, dims }))['cam']!.data;
    const close = (actual: number[], wanted: Float32Array): void => {
      expect(Math.max(...wanted.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(1e-6);
    };
    close(alone.outputs['cam']!.data, await expected({}));
    const asked = inPython(baked, {
      class: { dtype: 'int64', data: [3, 1] },
      alpha: { dtype: 'float32', data: [0.25] },
    }).outputs['cam']!.data;
    close(asked.slice(0, 64), (await expected({ classIndex: 3, alpha: 0.25 })).subarray(0, 64));
    close(asked.slice(64), (await expected({ classIndex: 1, alpha: 0.25 })).subarray(64));
    expect(() => inPython(baked, { class: { dtype: 'int64', data: [9] } })).toThrow(
      /class must be -1 or from 0 to 4/,
    );
  });
});
