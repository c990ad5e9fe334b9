import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { gradCam, hybridCam, hybridCams, layerCam, normalize, OptionError, view } from '../../src/index.ts';
import { activations, gradients } from './toy-layer.ts';

describe('hybridCam', () => {
  it('hybridCam of the toy layer is the weighted geometric mean of both parents by hand', () => {
    // Grad-CAM / max = [[0, 2/3], [1, 1]], LayerCAM / max = [[1/8, 0], [0, 1]]
    expectClose(hybridCam(activations, gradients, { alpha: 0.5 }), [
      [0, 0],
      [0, 1],
    ]);
    const a = view(Float32Array.of(1, 2), [1, 1, 2]);
    const g = view(Float32Array.of(1, 3), [1, 1, 2]);
    // Grad-CAM [2, 4] → [1/2, 1]; LayerCAM [1, 6] → [1/6, 1]
    expectClose(hybridCam(a, g, { alpha: 0.25 }), [[0.5 ** 0.25 * (1 / 6) ** 0.75, 1]], { relative: 1e-7 });
  });

  it('hybridCam ends are exactly the parents divided by their maximum', () => {
    expectClose(hybridCam(activations, gradients, { alpha: 1 }), normalize(gradCam(activations, gradients)));
    expectClose(hybridCam(activations, gradients, { alpha: 0 }), normalize(layerCam(activations, gradients)));
  });

  it('hybridCam defaults to alpha 0.7', () => {
    expectClose(hybridCam(activations, gradients), hybridCam(activations, gradients, { alpha: 0.7 }));
  });

  it('hybridCam jumps at both ends: any alpha inside zeroes what either parent lacks', () => {
    const almost = hybridCam(activations, gradients, { alpha: 1e-6 });
    expect(almost.get(0, 0)).toBe(0);
    expect(hybridCam(activations, gradients, { alpha: 0 }).get(0, 0)).toBe(0.125);
    // The mean gradient is positive where the local one is not: Grad-CAM alone sees the cell.
    const a = view(Float32Array.of(1, 0), [1, 1, 2]);
    const g = view(Float32Array.of(-1, 3), [1, 1, 2]);
    expectClose(hybridCam(a, g, { alpha: 1 }), [[1, 0]]);
    expectClose(hybridCam(a, g, { alpha: 0.999 }), [[0, 0]]);
  });

  it('hybridCam(…, { preset: notebook }) ends in min-max: a constant map becomes 0, as in the reference', () => {
    const flat = view(Float32Array.of(2, 2), [1, 1, 2]);
    const gradient = view(Float32Array.of(1), [1]);
    expectClose(hybridCam(flat, gradient), [[1, 1]]);
    expectClose(hybridCam(flat, gradient, { preset: 'notebook' }), [[0, 0]]);
  });

  it('hybridCam(…, { preset: notebook }) at alpha 0 min-maxes LayerCAM', () => {
    const a = view(Float32Array.of(6, 8, 7, 9, 10, 6.5), [1, 2, 3]);
    const map = hybridCam(a, view(Float32Array.of(1), [1]), { alpha: 0, preset: 'notebook' });
    expectClose(
      map,
      [
        [0, 0.5, 0.25],
        [0.75, 1, 0.125],
      ],
      { absolute: 1e-6 },
    );
  });

  it('hybridCams gives one map per alpha in order', () => {
    const alphas = [1, 0.3, 0];
    const maps = hybridCams(activations, gradients, alphas);
    expect(maps.length).toBe(3);
    for (const [i, alpha] of alphas.entries()) {
      expectClose(maps[i]!, hybridCam(activations, gradients, { alpha }));
    }
  });

  it('hybridCam refuses an alpha outside [0, 1] and NaN', () => {
    for (const alpha of [-0.1, 1.1, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect(() => hybridCam(activations, gradients, { alpha })).toThrow(OptionError);
    }
  });

  it('hybridCam divides tiny maps by their maximum without an epsilon', () => {
    const a = view(Float32Array.of(1, 2), [1, 1, 2]);
    expectClose(hybridCam(a, view(Float32Array.of(1e-30), [1])), [[0.5, 1]], { relative: 1e-6 });
  });
});
