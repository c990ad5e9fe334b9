import { expectClose } from '@hybridcam/test-utils';
import { describe, it } from 'vitest';
import { hiResCam } from '../../src/index.ts';
import { activations, constantGradients, gradients, writtenOutGradients } from './toy-layer.ts';

describe('hiResCam', () => {
  it('hiResCam(activations, gradients) of the toy layer is what the formula gives by hand', () => {
    // Σ g·A = [[−1, −2], [0, 8]]
    expectClose(hiResCam(activations, gradients), [
      [0, 0],
      [0, 8],
    ]);
  });

  it('hiResCam(activations, gradients) takes one gradient per channel as the same in every cell', () => {
    expectClose(hiResCam(activations, constantGradients), hiResCam(activations, writtenOutGradients), {
      relative: 1e-7,
    });
  });
});
