import { explain, type MethodName, type Model, view } from '@hybridcam/core';
import type { BakeOptions, OrtRuntime } from '../../src/index.ts';
import { bakeModel, readOnnx } from '../../src/index.ts';
import { floatsToHalves, halvesToFloats } from '../../src/proto/half.ts';
import { randomFloats } from '../toy-model.ts';

/** Outputs of one run of a baked file, as numbers. */
export type BakedRun = Record<string, { dims: readonly number[]; data: Float32Array }>;

export interface Feeds {
  readonly image: Float32Array;
  readonly dims: readonly number[];
  readonly class?: readonly number[];
  readonly alpha?: readonly number[];
}

/** Runs ONNX bytes as anybody would: nothing of ours takes part. */
export async function runPlain(ort: OrtRuntime, bytes: Uint8Array, feeds: Feeds): Promise<BakedRun> {
  const session = await ort.InferenceSession.create(bytes, { logSeverityLevel: 4 });
  try {
    const half = readOnnx(bytes).graph.inputs[0]!.dataType === 'float16';
    const image = half
      ? new ort.Tensor('float16', floatsToHalves(feeds.image), feeds.dims)
      : new ort.Tensor('float32', feeds.image, feeds.dims);
    const results = await session.run({
      [session.inputNames[0]!]: image,
      ...(feeds.class && {
        class: new ort.Tensor('int64', BigInt64Array.from(feeds.class, BigInt), [feeds.class.length]),
      }),
      ...(feeds.alpha && {
        alpha: new ort.Tensor('float32', Float32Array.from(feeds.alpha), [feeds.alpha.length]),
      }),
    });
    return Object.fromEntries(
      Object.entries(results).map(([name, { dims, data, type }]) => [
        name,
        { dims, data: type === 'float16' ? halvesToFloats(data as Uint16Array) : (data as Float32Array) },
      ]),
    );
  } finally {
    await session.release();
  }
}

export function images(seed: number, dims: readonly number[]): Float32Array {
  return randomFloats(
    seed,
    dims.reduce((a, b) => a * b, 1),
  );
}

export interface Comparison {
  readonly model: Model;
  readonly ort: OrtRuntime;
  readonly bytes: Uint8Array;
  readonly layers: readonly string[];
  readonly method: MethodName;
  readonly alpha?: number;
  readonly normalize?: BakeOptions['normalize'];
}

/** Largest difference between a baked file's maps and the library's, relative to the map's maximum. */
export async function bakedDifference(comparison: Comparison): Promise<{ cam: number; saliency: number }> {
  const { model, ort, bytes, layers, method, alpha, normalize = 'none' } = comparison;
  const { channels, height = 8, width = 8 } = model.input;
  const baked = await bakeModel(bytes, {
    ort,
    layers,
    method: method as NonNullable<BakeOptions['method']>,
    alpha,
    normalize,
    outputs: ['saliency'],
  });
  // Some backward passes count pictures: such a file says that it takes one.
  const batch = readOnnx(baked).metadata.get('hybridcam.input')!.startsWith('any') ? 3 : 1;
  const dims = [batch, channels, height, width];
  const image = images(5, dims);
  const isLast = readOnnx(bytes).graph.inputs[0]!.shape!.at(-1) === channels;
  const run = await runPlain(ort, baked, isLast ? channelsLast(image, dims) : { image, dims });
  const worst = { cam: 0, saliency: 0 };
  const size = channels * height * width;
  for (let n = 0; n < batch; n++) {
    const one = view(image.subarray(n * size, (n + 1) * size), [1, channels, height, width]);
    const call = alpha === undefined ? { name: method } : { name: method, alpha };
    for (const kind of ['cam', 'saliency'] as const) {
      const explained = await explain(model, one, {
        method: call,
        targetLayer: layers.length === 1 ? layers[0]! : layers,
        normalize: kind === 'cam' ? normalize : normalize === 'none' ? 'max' : normalize,
      });
      const expected = kind === 'cam' ? explained.cam.data : explained.saliencyMap.data;
      const cells = expected.length;
      const actual = run[kind]!.data.subarray(n * cells, (n + 1) * cells);
      const max = Math.max(...expected, 1e-30);
      for (let i = 0; i < cells; i++) {
        const difference = Math.abs(actual[i]! - expected[i]!) / max;
        // NaN must not pass.
        if (!(difference <= worst[kind])) worst[kind] = difference;
      }
    }
  }
  return worst;
}

function channelsLast(image: Float32Array, [n, c, h, w]: readonly number[]): Feeds {
  const cells = h! * w!;
  const turned = image.map((_, i) => {
    const channel = i % c!;
    const cell = Math.floor(i / c!) % cells;
    return image[(Math.floor(i / (c! * cells)) * c! + channel) * cells + cell]!;
  });
  return { image: turned, dims: [n!, h!, w!, c!] };
}
