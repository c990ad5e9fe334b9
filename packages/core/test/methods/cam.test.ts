import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { cam, ShapeError, view } from '../../src/index.ts';
import { activations } from './toy-layer.ts';

describe('cam', () => {
  const weights = view(Float32Array.of(1, -2), [2]);

  it('cam(activations, channelWeights) of the toy layer keeps its negative evidence', () => {
    expectClose(cam(activations, weights), [
      [-3, 2],
      [3, 2],
    ]);
  });

  it('cam(…, { relu: true }) clips it', () => {
    expectClose(cam(activations, weights, { relu: true }), [
      [0, 2],
      [3, 2],
    ]);
  });

  it('cam takes a row picked out of the head’s weights', () => {
    const head = view(Float32Array.of(0, 0, 1, -2), [2, 2]);
    expectClose(cam(activations, head.pick(1, null)), cam(activations, weights));
  });

  it('cam refuses weights of another channel count', () => {
    expect(() => cam(activations, view(new Float32Array(3), [3]))).toThrow(ShapeError);
  });
});
