import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allClassMaps, gradCam, layerCam, ShapeError, view } from '../../src/index.ts';

function head(weights: readonly number[], classes: number) {
  return {
    weights: view(Float32Array.from(weights), [classes, weights.length / classes]),
    bias: view(new Float32Array(classes), [classes]),
  };
}

describe('allClassMaps', () => {
  it('allClassMaps splits the evidence for and against each class by hand', () => {
    const a = view(Float32Array.of(2, 0, 0, 4), [2, 1, 2]);
    const { positive, negative } = allClassMaps(a, head([1, -1, -3, 0.5], 2));
    expectClose(positive, [[[1, 0]], [[0, 1]]]);
    expectClose(negative, [[[0, 2]], [[3, 0]]]);
  });

  it('allClassMaps equals gradCam and layerCam class by class, for any class count and signed activations', () => {
    const value = fc.integer({ min: -20, max: 20 }).map((n) => n / 8);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.array(value, { minLength: 18, maxLength: 18 }),
        fc.array(value, { minLength: 27, maxLength: 27 }),
        (classes, cells, weights) => {
          const a = view(Float32Array.from(cells), [3, 2, 3]);
          const maps = allClassMaps(a, head(weights.slice(0, classes * 3), classes));
          for (let c = 0; c < classes; c++) {
            const gradient = view(
              Float32Array.from(weights.slice(c * 3, c * 3 + 3), (w) => w / 6),
              [3],
            );
            const positive = maps.positive.pick(c, null, null);
            const negative = maps.negative.pick(c, null, null);
            const difference = [0, 1].map((y) =>
              [0, 1, 2].map((x) => Math.max(positive.get(y, x) - negative.get(y, x), 0)),
            );
            const clipped = [0, 1].map((y) => [0, 1, 2].map((x) => Math.max(positive.get(y, x), 0)));
            expectClose(gradCam(a, gradient), difference, { absolute: 1e-5 });
            expectClose(layerCam(a, gradient), clipped, { absolute: 1e-5 });
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('allClassMaps refuses a head of another channel count', () => {
    expect(() => allClassMaps(view(new Float32Array(4), [1, 2, 2]), head([1, 2], 1))).toThrow(ShapeError);
  });
});
