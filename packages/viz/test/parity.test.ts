import { upsample, view } from '@hybridcam/core';
import { readSafetensors, sharedFile, sharedFolder } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { heatmap, jet, jetMatplotlib, overlay, type RgbaImage } from '../src/index.ts';
import { imageOf, mapOf, type PackedArray, readFixture } from './fixture.ts';

const { cases } = readFixture<{ cases: Record<string, PackedArray>[] }>('notebook-pictures.json');

/** Share of the pixels in which some channel differs by more than `levels`. */
function shareBeyond(
  levels: number,
  a: RgbaImage,
  expected: (pixel: number, channel: number) => number,
): number {
  let count = 0;
  for (let pixel = 0; pixel < a.data.length / 4; pixel++) {
    if ([0, 1, 2].some((c) => Math.abs(a.data[4 * pixel + c]! - expected(pixel, c)) > levels)) count++;
  }
  return count / (a.data.length / 4);
}

describe('from the map at layer size, through our upsampling', () => {
  it.each(cases)("overlays are the notebook's (cv2.resize, cv2 jet, imsave)", (made) => {
    const image = imageOf(made['image']!);
    const expected = imageOf(made['overlay']!);
    const ours = overlay(image, upsample(mapOf(made['cam']!), image.height, image.width), { colormap: jet });
    expect(shareBeyond(1, ours, (pixel, c) => expected.data[4 * pixel + c]!)).toBeLessThanOrEqual(1e-4);
  });

  it.each(cases)("panels are the notebook's (cv2.resize, matplotlib's jet, autoscaled)", (made) => {
    const expected = imageOf(made['panel']!);
    const map = upsample(mapOf(made['cam']!), expected.height, expected.width);
    const ours = heatmap(map, { colormap: jetMatplotlib, range: 'minmax' });
    expect(shareBeyond(0, ours, (pixel, c) => expected.data[4 * pixel + c]!)).toBeLessThanOrEqual(1e-4);
  });
});

const photographs = [
  'n02099601_golden_retriever',
  'n02123045_tabby',
  'n04285008_sports_car',
  'n07753592_banana',
];

describe.skipIf(!sharedFolder())('on real photographs and maps (needs ../shared)', () => {
  it.each(photographs)("%s: overlays follow the notebook's formula from the stored input", (name) => {
    const tensors = readSafetensors(sharedFile(`reference/mobilenet_v2.${name}.safetensors`));
    const input = tensors.get('input')!.data;
    const size = 224;
    const restored = (pixel: number, c: number): number =>
      Math.min(1, Math.max(0, input[c * size * size + pixel]! * 0.5 + 0.5));
    const image = { data: new Uint8Array(size * size * 4).fill(255), width: size, height: size };
    for (let i = 0; i < size * size * 3; i++)
      image.data[4 * Math.floor(i / 3) + (i % 3)] = Math.round(255 * restored(Math.floor(i / 3), i % 3));
    const names = [...tensors.keys()].filter((key) => key.includes('.seed.hybrid.'));
    expect(names).toHaveLength(10);
    for (const key of names) {
      const { data, shape } = tensors.get(key)!;
      const map = upsample(view(data, shape), size, size);
      const ours = overlay(image, map, { colormap: jet });
      const notebook = (pixel: number, c: number): number => {
        const color = jet.table[3 * Math.trunc(Math.fround(255 * map.data[pixel]!)) + c]! / 255;
        return Math.trunc(255 * (0.5 * color + 0.5 * restored(pixel, c)));
      };
      expect(shareBeyond(1, ours, notebook), key).toBeLessThanOrEqual(1e-4);
    }
  });
});
