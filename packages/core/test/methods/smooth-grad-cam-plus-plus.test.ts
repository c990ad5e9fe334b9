import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { gradCamPlusPlus, OptionError, ShapeError, smoothGradCamPlusPlus, view } from '../../src/index.ts';
import { activations, constantGradients, gradients, writtenOutGradients } from './toy-layer.ts';

describe('smoothGradCamPlusPlus', () => {
  it('smoothGradCamPlusPlus of one sample without noise is Grad-CAM++', () => {
    const found = smoothGradCamPlusPlus(activations, [{ activations, gradients }]);
    expectClose(found, gradCamPlusPlus(activations, gradients), { relative: 1e-6 });
  });

  it('smoothGradCamPlusPlus averages the powers of the gradient, not the gradient', () => {
    const a = view(Float32Array.of(1, 3), [1, 1, 2]);
    const sample = (...values: number[]) => ({
      activations: a,
      gradients: view(Float32Array.from(values), [1, 1, 2]),
    });
    const samples = [sample(1, -2), sample(3, -2)];
    // Cell 0: means 2, 5, 14; a = 5/(10 + 4·14) ; w = 2a. Cell 1 is negative.
    const weight = (2 * 5) / 66;
    expectClose(smoothGradCamPlusPlus(a, samples), [[weight, 3 * weight]], { relative: 1e-6 });
    // TorchCAM: Σ A·mean g³ = 14 − 3·8 = −10, denominator 10 − 10 + 1e-8 … so another example: gradients 1 and 3, 1 and 1.
    const other = [sample(1, 1), sample(3, 1)];
    // Cell 0: 5/(10 + 14 + 3), cell 1: 1/(2 + 17); last gradients 3 and 1.
    const peer = (3 * 5) / 27 + 1 / 19;
    expectClose(smoothGradCamPlusPlus(a, other, { variant: 'torchcam' }), [[peer, 3 * peer]], {
      relative: 1e-6,
    });
  });

  it('smoothGradCamPlusPlus reads one gradient per channel as the same in every cell', () => {
    const of = (slopes: typeof constantGradients) =>
      smoothGradCamPlusPlus(activations, [{ activations, gradients: slopes }]);
    expectClose(of(constantGradients), of(writtenOutGradients), { relative: 1e-6 });
  });

  it('smoothGradCamPlusPlus refuses no samples and samples of another shape', () => {
    expect(() => smoothGradCamPlusPlus(activations, [])).toThrow(OptionError);
    const small = { activations: view(new Float32Array(2), [2, 1, 1]), gradients: constantGradients };
    expect(() => smoothGradCamPlusPlus(activations, [small])).toThrow(ShapeError);
  });
});
