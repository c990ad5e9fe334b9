import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eigenCam, eigenGradCam, NonFiniteError, view } from '../../src/index.ts';

describe('eigenCam', () => {
  it('eigenCam of one channel is the channel above its mean', () => {
    expectClose(
      eigenCam(view(Float32Array.of(0, 0, 1, 5), [1, 2, 2])),
      [
        [0, 0],
        [0, 3.5],
      ],
      { absolute: 1e-6 },
    );
  });

  it('eigenCam of two proportional channels is √(1 + r²) times that', () => {
    const a = view(Float32Array.of(0, 0, 1, 5, 0, 0, 3, 15), [2, 1, 4]);
    expectClose(eigenCam(a), [[0, 0, 0, 3.5 * Math.sqrt(10)]], { relative: 1e-6 });
  });

  it('eigenCam is bright where the layer responds, whatever the sign of the responses', () => {
    const a = view(Float32Array.of(0, 0, -1, -5), [1, 1, 4]);
    expectClose(eigenCam(a), [[0, 0, 0, 3.5]], { absolute: 1e-6 });
  });

  it('eigenCam of channels without variation is empty', () => {
    expectClose(eigenCam(view(Float32Array.of(2, 2, 7, 7), [2, 1, 2])), [[0, 0]]);
  });

  it('eigenCam does not depend on the order of channels, and refuses NaN', () => {
    const values = Array.from({ length: 24 }, (_, i) => (i * 7) % 5);
    const a = view(Float32Array.from(values), [4, 2, 3]);
    expectClose(eigenCam(a.step(-1, 1, 1)), eigenCam(a), { absolute: 1e-5 });
    expect(() => eigenCam(view(Float32Array.of(Number.NaN), [1, 1, 1]))).toThrow(NonFiniteError);
  });
});

describe('eigenGradCam', () => {
  it('eigenGradCam is finite and ≥ 0 for any finite input', () => {
    const wild = fc.array(
      fc.oneof(fc.constantFrom(0, 1e-45, 1e15, -1e15), fc.double({ min: -100, max: 100, noNaN: true })),
      { minLength: 12, maxLength: 12 },
    );
    fc.assert(
      fc.property(wild, wild, (a, g) => {
        const map = eigenGradCam(
          view(Float32Array.from(a), [2, 2, 3]),
          view(Float32Array.from(g), [2, 2, 3]),
        );
        for (const value of map.data) expect(value).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  it('eigenGradCam is eigenCam of gradient times activation, bright where the evidence is positive', () => {
    const a = view(Float32Array.of(1, 1, 1, 5), [1, 1, 4]);
    expectClose(eigenGradCam(a, view(Float32Array.of(2), [1])), [[0, 0, 0, 6]], { absolute: 1e-5 });
    // Negative evidence in the last cell: the others stand out.
    expectClose(eigenGradCam(a, view(Float32Array.of(-2), [1])), [[2, 2, 2, 0]], { absolute: 1e-5 });
  });
});
