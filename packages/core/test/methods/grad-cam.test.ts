import { expectClose } from '@hybridcam/test-utils';
import { describe, it } from 'vitest';
import { gradCam } from '../../src/index.ts';
import { activations, constantGradients, gradients, writtenOutGradients } from './toy-layer.ts';

describe('gradCam', () => {
  it('gradCam(activations, gradients) of the toy layer is what the formula gives by hand', () => {
    // w = [0.5, −0.5]
    expectClose(gradCam(activations, gradients), [
      [0, 1],
      [1.5, 1.5],
    ]);
  });

  it('gradCam(activations, gradients) takes one gradient per channel as the same in every cell', () => {
    expectClose(gradCam(activations, constantGradients), gradCam(activations, writtenOutGradients), {
      relative: 1e-7,
    });
  });
});
