import { expectClose } from '@hybridcam/test-utils';
import { describe, it } from 'vitest';
import { layerCam, view } from '../../src/index.ts';
import { activations, constantGradients, gradients, writtenOutGradients } from './toy-layer.ts';

describe('layerCam', () => {
  it('layerCam(activations, gradients) of the toy layer is what the formula gives by hand', () => {
    expectClose(layerCam(activations, gradients), [
      [1, 0],
      [0, 8],
    ]);
  });

  it('layerCam(activations, gradients) takes one gradient per channel as the same in every cell', () => {
    expectClose(layerCam(activations, constantGradients), layerCam(activations, writtenOutGradients), {
      relative: 1e-7,
    });
  });

  it('layerCam(activations, gradients) keeps its outer ReLU for signed activations', () => {
    const signed = view(Float32Array.of(-1, 2), [1, 1, 2]);
    expectClose(layerCam(signed, view(Float32Array.of(3), [1])), [[0, 6]]);
  });
});
