import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { OptionError, view, xGradCam } from '../../src/index.ts';
import { activations, constantGradients, gradients, writtenOutGradients } from './toy-layer.ts';

describe('xGradCam', () => {
  it('xGradCam(activations, gradients) of the toy layer is what the formula gives by hand', () => {
    // w = [7/10, −2/3]
    expectClose(
      xGradCam(activations, gradients),
      [
        [0, 1.4],
        [2.1, 2.8 - 2 / 3],
      ],
      { relative: 1e-7 },
    );
  });

  it('xGradCam(activations, gradients) takes one gradient per channel as the same in every cell', () => {
    expectClose(xGradCam(activations, constantGradients), xGradCam(activations, writtenOutGradients), {
      relative: 1e-7,
    });
  });

  it('xGradCam weights a channel whose signed activations sum to 0 by its mean gradient', () => {
    const signed = view(Float32Array.of(-1, 1), [1, 1, 2]);
    expectClose(xGradCam(signed, view(Float32Array.of(1, 5), [1, 1, 2])), [[0, 3]]);
  });

  it('xGradCam(…, { variant }) adds the peer’s epsilon to the sum of activations', () => {
    const small = view(Float32Array.of(1e-7), [1, 1, 1]);
    const gradient = view(Float32Array.of(1), [1]);
    expectClose(xGradCam(small, gradient), [[1e-7]], { relative: 1e-6 });
    expectClose(xGradCam(small, gradient, { variant: 'pytorch-grad-cam' }), [[0.5e-7]], { relative: 1e-6 });
    expectClose(xGradCam(small, gradient, { variant: 'torchcam' }), [[1e-7 / 1.1]], { relative: 1e-6 });
    expect(() => xGradCam(small, gradient, { variant: 'captum' as never })).toThrow(OptionError);
  });
});
