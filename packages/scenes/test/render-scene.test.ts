import { OptionError } from '@hybridcam/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type FigureSpec,
  generateScene,
  renderScene,
  type SceneSpec,
  sampleScene,
  withFactor,
} from '../src/index.ts';
import { expectedHash, hashOfScenes } from './hash-of-scenes.ts';

const disc: FigureSpec = {
  shape: 'disc',
  x: 0.5,
  y: 0.5,
  area: 0.1,
  rotation: 0,
  mirrored: false,
  color: [200, 40, 40],
  accent: [0, 0, 0],
  texture: 'plain',
  contrast: 1,
};
const plain: SceneSpec = {
  version: 1,
  kind: 'null',
  size: 200,
  background: {
    family: 'stripes',
    colors: [
      [100, 100, 100],
      [100, 100, 100],
    ],
    scale: 0.2,
    angle: 0,
    seed: 0,
  },
  objects: [],
  distractors: [],
  clutter: { count: 0, seed: 0 },
  mark: null,
  lighting: { angle: 0, strength: 0 },
  noise: { amplitude: 0, seed: 0 },
};

describe('renderScene', () => {
  it('a disc of a tenth of the picture covers a tenth of the pixels, symmetrically', () => {
    const { distractors } = renderScene({ ...plain, distractors: [disc] });
    const { mask, pixelCount } = distractors[0]!;
    expect(Math.abs(pixelCount - 4000)).toBeLessThan(20);
    for (let i = 0; i < mask.length; i++) expect(mask[i]).toBe(mask[mask.length - 1 - i]);
  });

  it('fills an empty scene with the background colour, give or take the paper grain', () => {
    const { data, width, height } = renderScene(plain).image;
    expect([width, height, data.length]).toEqual([200, 200, 160000]);
    for (let i = 0; i < data.length; i++) {
      if (i % 4 === 3) expect(data[i]).toBe(255);
      else expect(Math.abs(data[i]! - 100)).toBeLessThanOrEqual(4);
    }
  });

  it('a later figure hides what lies under it, in the masks too', () => {
    const { distractors } = renderScene({ ...plain, distractors: [disc, { ...disc, area: 0.05 }] });
    expect(Math.abs(distractors[0]!.pixelCount - 2000)).toBeLessThan(30);
    expect(Math.abs(distractors[1]!.pixelCount - 2000)).toBeLessThan(30);
  });

  it('a mask is where the object shows: removing it changes pixels there and at the rim', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e6 }), (seed) => {
        const spec = sampleScene({ seed });
        const scene = renderScene(spec);
        const empty = renderScene(withFactor(spec, 'objects', []));
        const { mask } = scene.objects[0]!;
        const size = spec.size;
        const within = (i: number, reach: number) => {
          for (let y = Math.floor(i / size) - reach; y <= Math.floor(i / size) + reach; y++) {
            for (let x = (i % size) - reach; x <= (i % size) + reach; x++) {
              if (x >= 0 && x < size && y >= 0 && y < size && mask[y * size + x] === 1) return true;
            }
          }
          return false;
        };
        let unchangedInside = 0;
        let changedAway = 0;
        for (let i = 0; i < size * size; i++) {
          const changed = [0, 1, 2].some((c) => scene.image.data[4 * i + c] !== empty.image.data[4 * i + c]);
          if (mask[i] === 1 && !changed) unchangedInside++;
          if (!changed || mask[i] === 1 || within(i, 1)) continue;
          // Beyond the rim only a tip or a feeler too thin to cover half of a pixel can show.
          expect(within(i, 8)).toBe(true);
          changedAway++;
        }
        expect(unchangedInside).toBeLessThan(0.02 * scene.objects[0]!.pixelCount);
        expect(changedAway).toBeLessThan(0.03 * scene.objects[0]!.pixelCount);
      }),
      { numRuns: 20 },
    );
  });

  it('an object fully inside covers the area its spec names', () => {
    for (let seed = 0; seed < 30; seed++) {
      const scene = generateScene({ seed, size: 192, distractors: 0 });
      const wanted = scene.spec.objects[0]!.area * 192 * 192;
      expect(Math.abs(scene.objects[0]!.pixelCount / wanted - 1)).toBeLessThan(0.05);
    }
  });

  it('gives the same bytes on every engine', () => {
    expect(hashOfScenes()).toBe(expectedHash);
  });

  it.each([
    ['size', { size: 96.5 }, 'expected size to be a whole number'],
    ['version', { version: 2 }, 'expected version to be 1; received 2'],
    ['noise', { noise: { amplitude: -1, seed: 0 } }, 'expected noise.amplitude'],
    ['lighting', { lighting: { angle: Number.NaN, strength: 0 } }, 'expected lighting.angle'],
    ['clutter', { clutter: { count: 1.5, seed: 0 } }, 'expected clutter.count to be a whole number'],
    ['class', { objects: [disc] }, 'expected objects[0].shape to be one of butterfly, '],
    ['area', { distractors: [{ ...disc, area: 0 }] }, 'expected distractors[0].area'],
    ['colour', { distractors: [{ ...disc, color: [0, 0, 256] }] }, 'expected distractors[0].color'],
    ['mark', { mark: { classIndex: 10, corner: 'top-left' } }, 'expected mark.classIndex'],
    ['corner', { mark: { classIndex: 1, corner: 'middle' } }, 'expected mark.corner'],
    ['family', { background: { ...plain.background, family: 'lava' } }, 'expected background.family'],
  ])('refuses an impossible %s', (_name, change, message) => {
    const spec = { ...plain, ...change } as SceneSpec;
    expect(() => renderScene(spec)).toThrow(OptionError);
    expect(() => renderScene(spec)).toThrow(message);
  });
});
