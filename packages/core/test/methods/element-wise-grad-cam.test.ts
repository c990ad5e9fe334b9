import { expectClose } from '@hybridcam/test-utils';
import { describe, it } from 'vitest';
import { elementWiseGradCam, layerCam, view } from '../../src/index.ts';
import { activations, constantGradients, gradients, writtenOutGradients } from './toy-layer.ts';

describe('elementWiseGradCam', () => {
  it('elementWiseGradCam(activations, gradients) of the toy layer is what the formula gives by hand', () => {
    expectClose(elementWiseGradCam(activations, gradients), [
      [1, 0],
      [0, 8],
    ]);
  });

  it('elementWiseGradCam(activations, gradients) takes one gradient per channel as the same in every cell', () => {
    expectClose(
      elementWiseGradCam(activations, constantGradients),
      elementWiseGradCam(activations, writtenOutGradients),
      {
        relative: 1e-7,
      },
    );
  });

  it('elementWiseGradCam counts a negative gradient on a negative activation, which layerCam does not', () => {
    const signed = view(Float32Array.of(-1, 2), [1, 1, 2]);
    const negative = view(Float32Array.of(-3), [1]);
    expectClose(elementWiseGradCam(signed, negative), [[3, 0]]);
    expectClose(layerCam(signed, negative), [[0, 0]]);
  });
});
