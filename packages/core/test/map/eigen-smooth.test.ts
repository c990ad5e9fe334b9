import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { eigenGradCam, eigenSmooth, NonFiniteError, ShapeError, view } from '../../src/index.ts';
import { activations, gradients } from '../methods/toy-layer.ts';

describe('eigenSmooth', () => {
  it('eigenSmooth of one channel is the channel less its mean, where that is positive', () => {
    expectClose(eigenSmooth(view(Float32Array.of(1, 2, 6), [1, 1, 3])), [[0, 0, 3]], { absolute: 1e-6 });
  });

  it('eigenSmooth keeps what two channels share, √2 of it, and is bright where their sum is', () => {
    const twice = view(Float32Array.of(0, 4, 0, 4), [2, 1, 2]);
    // Less the means: ±(−2, 2) in both, so X·v₁ = ±√2·(−2, 2).
    expectClose(eigenSmooth(twice), [[0, 2 * Math.SQRT2]], { absolute: 1e-6 });
    const negative = view(Float32Array.of(0, -4, 0, -4), [2, 1, 2]);
    expectClose(eigenSmooth(negative), [[2 * Math.SQRT2, 0]], { absolute: 1e-6 });
  });

  it('eigenSmooth of gradient times activation is Eigen-Grad-CAM', () => {
    const products = activations.data.map((value, i) => value * gradients.data[i]!);
    expectClose(eigenSmooth(view(products, activations.shape)), eigenGradCam(activations, gradients), {
      absolute: 1e-6,
    });
  });

  it('eigenSmooth of constant terms is empty, and refuses other axes and numbers that are none', () => {
    expectClose(eigenSmooth(view(new Float32Array(4).fill(3), [2, 1, 2])), [[0, 0]]);
    expect(() => eigenSmooth(view(new Float32Array(4), [2, 2]))).toThrow(ShapeError);
    expect(() => eigenSmooth(view(Float32Array.of(Number.NaN, 1), [1, 1, 2]))).toThrow(NonFiniteError);
  });
});
