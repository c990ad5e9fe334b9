import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ArrayView,
  elementWiseGradCam,
  gradCam,
  gradCamPlusPlus,
  hiResCam,
  hybridCam,
  layerCam,
  NonFiniteError,
  normalize,
  pack,
  ShapeError,
  view,
  xGradCam,
} from '../src/index.ts';

type Method = (activations: ArrayView, gradients: ArrayView) => ArrayView;

const methods: Record<string, Method> = {
  gradCam,
  gradCamPlusPlus: (a, g) => gradCamPlusPlus(a, g),
  xGradCam: (a, g) => xGradCam(a, g),
  hiResCam,
  layerCam,
  elementWiseGradCam,
  hybridCam: (a, g) => hybridCam(a, g),
};

const [channels, height, width] = [3, 2, 4];
const size = channels * height * width;
/** Multiples of 1/1024: a map is float32, so products of numbers near 1e-30 would vanish in it and say nothing of the method. */
const numbers = (min: number, length: number) =>
  fc.array(
    fc.integer({ min: min * 1024, max: 4096 }).map((n) => n / 1024),
    { minLength: length, maxLength: length },
  );
const tensor = (values: readonly number[]) => view(Float32Array.from(values), [channels, height, width]);

for (const [name, method] of Object.entries(methods)) {
  describe(name, () => {
    it(`${name} does not depend on the order of channels`, () => {
      fc.assert(
        fc.property(numbers(0, size), numbers(-4, size), (a, g) => {
          const rotate = (values: number[]) => [...values.slice(8), ...values.slice(0, 8)];
          const expected = method(tensor(a), tensor(g));
          expectClose(method(tensor(rotate(a)), tensor(rotate(g))), expected, {
            absolute: 1e-6,
            relativeToMax: 1e-5,
          });
        }),
      );
    });

    // Grad-CAM++ weighs the second derivative against the sum of activations, so it alone changes with the target's scale.
    if (name !== 'gradCamPlusPlus') {
      it(`${name} keeps its normalised map when the target is scaled`, () => {
        fc.assert(
          fc.property(
            numbers(0, size),
            numbers(-4, size),
            fc.constantFrom(2, 2 ** -20, 2 ** 30),
            (a, g, factor) => {
              const scaled = method(tensor(a), tensor(g.map((value) => value * factor)));
              expectClose(normalize(scaled), normalize(method(tensor(a), tensor(g))), { absolute: 1e-6 });
            },
          ),
        );
      });
    }

    it(`${name} reads any strides`, () => {
      fc.assert(
        fc.property(numbers(-4, size), numbers(-4, size), (a, g) => {
          // The same values stored channels-last, and reversed.
          const channelsLast = (values: number[]) => {
            const plain = tensor(values);
            const stored = view(new Float32Array(size), [height, width, channels]);
            for (let k = 0; k < channels; k++)
              for (let y = 0; y < height; y++)
                for (let x = 0; x < width; x++) stored.set(y, x, k, plain.get(k, y, x));
            return stored.transpose(2, 0, 1);
          };
          const reversed = (values: number[]) => tensor([...values].reverse()).step(-1, -1, -1);
          expectClose(method(channelsLast(a), reversed(g)), pack2d(method(tensor(a), tensor(g))));
        }),
      );
    });

    it(`${name} is finite and ≥ 0 for any finite input`, () => {
      const wild = fc.array(
        fc.oneof(
          fc.constantFrom(0, -0, 1e-45, -1e-45, 1e18, -1e18),
          fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        ),
        { minLength: size, maxLength: size },
      );
      fc.assert(
        fc.property(wild, wild, (a, g) => {
          let map: ArrayView;
          try {
            map = method(tensor(a), tensor(g));
          } catch (error) {
            // The one permitted refusal: a result beyond float32.
            expect(error).toBeInstanceOf(NonFiniteError);
            return;
          }
          for (const value of pack(map)) expect(value).toBeGreaterThanOrEqual(0);
        }),
      );
    });

    it(`${name} takes a constant gradient as a vector or written out`, () => {
      fc.assert(
        fc.property(numbers(0, size), numbers(-4, channels), (a, g) => {
          const written = tensor(Array.from({ length: size }, (_, i) => g[Math.floor(i / 8)]!));
          const vector = view(Float32Array.from(g), [channels]);
          const expected = method(tensor(a), written);
          expectClose(method(tensor(a), vector), expected, { absolute: 1e-6, relativeToMax: 1e-6 });
        }),
      );
    });

    it(`${name} names the tensor and the count of values that are not finite`, () => {
      const spoiled = tensor(new Array(size).fill(1));
      spoiled.set(0, 0, 0, Number.NaN);
      spoiled.set(2, 1, 3, Number.NEGATIVE_INFINITY);
      const fine = tensor(new Array(size).fill(1));
      expect(() => method(spoiled, fine)).toThrow(NonFiniteError);
      expect(() => method(spoiled, fine)).toThrow(/finite activations; received 2 NaN or infinite of 24/);
      expect(() => method(fine, spoiled)).toThrow(/finite gradients; received 2/);
    });

    it(`${name} names the axes it expected`, () => {
      const fine = tensor(new Array(size).fill(1));
      expect(() => method(view(new Float32Array(4), [2, 2]), fine)).toThrow(ShapeError);
      expect(() => method(fine, view(new Float32Array(2), [2]))).toThrow(
        /expected gradients \[3,2,4\].*or \[3\]/,
      );
      expect(() => method(fine, view(new Float32Array(size), [3, 4, 2]))).toThrow(ShapeError);
      expect(() => method(view(new Float32Array(0), [0, 2, 4]), fine)).toThrow(/every extent ≥ 1/);
    });
  });
}

describe('at a spatially constant gradient', () => {
  it('gradCam = hiResCam = xGradCam, and layerCam = elementWiseGradCam where activations are ≥ 0', () => {
    fc.assert(
      fc.property(numbers(0, size), numbers(-4, channels), (a, g) => {
        const gradients = view(Float32Array.from(g), [channels]);
        const tolerance = { absolute: 1e-6, relativeToMax: 1e-6 };
        expectClose(hiResCam(tensor(a), gradients), gradCam(tensor(a), gradients), tolerance);
        expectClose(xGradCam(tensor(a), gradients), gradCam(tensor(a), gradients), tolerance);
        expectClose(elementWiseGradCam(tensor(a), gradients), layerCam(tensor(a), gradients), tolerance);
      }),
    );
  });

  it('hybridCam is P·(1 − N/P)₊^α up to scale', () => {
    fc.assert(
      fc.property(
        numbers(0, size),
        numbers(-4, channels),
        fc.double({ min: 0.05, max: 0.95, noNaN: true }),
        (a, g, alpha) => {
          const cells = Array.from({ length: 8 }, (_, i) => {
            const sum = (part: (weight: number) => number) =>
              g.reduce((total, weight, k) => total + Math.max(part(weight), 0) * a[k * 8 + i]!, 0);
            const [p, n] = [sum((weight) => weight), sum((weight) => -weight)];
            return p > 0 ? p * Math.max(1 - n / p, 0) ** alpha : 0;
          });
          const expected = normalize(view(Float32Array.from(cells), [2, 4]));
          const map = hybridCam(tensor(a), view(Float32Array.from(g), [channels]), { alpha });
          // Where P and N nearly cancel, their difference has few digits left and the power of a small alpha makes them visible.
          expectClose(normalize(map), expected, { absolute: 2e-3 });
        },
      ),
    );
  });
});

function pack2d(map: ArrayView): number[][] {
  const values = pack(map);
  return Array.from({ length: height }, (_, y) => Array.from(values.slice(y * width, (y + 1) * width)));
}
