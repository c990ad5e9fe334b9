import { view } from '@hybridcam/core';
import { inputGeometry, presets } from '@hybridcam/image';
import { jet } from '@hybridcam/viz';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { photographOverlay } from '../src/photograph-overlay.ts';
import { photographSizes } from '../src/photograph-sizes.ts';

describe('photographOverlay', () => {
  const { resize, crop } = presets.torchvision;
  const map = view(new Float32Array(224 * 224).fill(1), [224, 224]);

  it('draws on every picture however long and thin, scaled down or not, with colour where the network looked', () => {
    const sides = fc.tuple(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 1, max: 5 }), fc.boolean());
    fc.assert(
      fc.property(sides, fc.constantFrom(64, 1024, 5000), ([long, short, isTall], maxSide) => {
        const size = isTall ? { width: short, height: long } : { width: long, height: short };
        const geometry = inputGeometry(size, resize, crop);
        const photograph = { ...size, data: new Uint8ClampedArray(4 * long * short).fill(255) };
        const small = photographSizes(photograph)(maxSide);
        const { data, width, height } = photographOverlay(small, map, geometry, {
          colormap: jet,
          opacity: 1,
          badge: false,
        });
        expect([width, height]).toEqual([small.width, small.height]);
        const colored = [...Array(width * height).keys()].filter((i) => data[4 * i] !== data[4 * i + 2]);
        expect(colored.length).toBeGreaterThan(0);
      }),
      { numRuns: 100, examples: [[[5000, 3, false], 1024]] },
    );
  });
});
