import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { gradCam, layerCam, NonFiniteError, view } from '../../src/index.ts';
import { hybridParents } from '../../src/methods/hybrid-parents.ts';

/** 11 channels: blocks of four and a rest, of either sign, and one of weight 0. */
const channels = 11;
const activations = view(
  Float32Array.from({ length: channels * 6 }, (_, i) => Math.sin(i * 0.7) + 0.4),
  [channels, 2, 3],
);
const slopes = Float32Array.from({ length: channels }, (_, k) => Math.round(5 * Math.cos(k * 1.3)) / 8);
slopes[4] = 0;

describe('hybridParents', () => {
  it('are Grad-CAM and LayerCAM where the gradient is the same in every cell', () => {
    const gradients = view(slopes, [channels]);
    const [gradCamMap, layerCamMap] = hybridParents(activations, gradients);
    expectClose(gradCamMap.data, gradCam(activations, gradients).data, { absolute: 1e-6 });
    expectClose(layerCamMap.data, layerCam(activations, gradients).data, { absolute: 1e-6 });
    expect(Math.max(...gradCamMap.data)).toBeGreaterThan(0.1);
  });

  it('are Grad-CAM and LayerCAM where it is not', () => {
    const varying = Float32Array.from({ length: channels * 6 }, (_, i) => Math.cos(i * 1.1));
    const gradients = view(varying, [channels, 2, 3]);
    const parents = hybridParents(activations, gradients);
    expect(parents.map(({ data }) => data)).toEqual([
      gradCam(activations, gradients).data,
      layerCam(activations, gradients).data,
    ]);
  });

  it('of two channels by hand: P = 2·A₀, N = A₁', () => {
    const toy = view(Float32Array.of(1, 2, 3, 5), [2, 1, 2]);
    const [gradCamMap, layerCamMap] = hybridParents(toy, view(Float32Array.of(2, -1), [2]));
    expect([...gradCamMap.data]).toEqual([0, 0]);
    expect([...layerCamMap.data]).toEqual([2, 4]);
    const [other] = hybridParents(toy, view(Float32Array.of(4, -1), [2]));
    expect([...other.data]).toEqual([1, 3]);
  });

  it('refuse NaN', () => {
    const spoiled = view(activations.data.with(3, Number.NaN), [channels, 2, 3]);
    expect(() => hybridParents(spoiled, view(slopes, [channels]))).toThrow(NonFiniteError);
    expect(() => hybridParents(activations, view(slopes.with(2, Number.NaN), [channels]))).toThrow(
      NonFiniteError,
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY])(
    'refuse %s in any block of channels where the gradient varies, also beside a 0',
    (bad) => {
      const varying = Float32Array.from({ length: channels * 6 }, (_, i) => Math.cos(i * 1.1));
      for (const at of [0, 8, 13, 20, 64]) {
        const shape = [channels, 2, 3];
        const spoiled = (values: Float32Array) => view(values.with(at, bad), shape);
        const other = (values: Float32Array) => view(values.with(at, 0), shape);
        expect(() => hybridParents(spoiled(activations.data), other(varying))).toThrow(NonFiniteError);
        expect(() => hybridParents(other(activations.data), spoiled(varying))).toThrow(NonFiniteError);
      }
    },
  );
});
