import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { fullGrad, NonFiniteError, OptionError, pack, ShapeError, view } from '../../src/index.ts';

describe('fullGrad', () => {
  const input = view(Float32Array.of(1, -2, 3), [1, 1, 3]);
  const inputGradients = view(Float32Array.of(2, 1, 1), [1, 1, 3]);

  it('fullGrad without biases is input times gradient, min-maxed', () => {
    // |2|, |−2|, |3|
    expectClose(fullGrad(input, inputGradients, []), [[0, 0, 1]], { absolute: 2e-6 });
  });

  it('fullGrad adds every layer’s biases times gradients, over all its channels or each alone', () => {
    const bias = view(Float32Array.of(1, -10), [2]);
    const gradients = view(Float32Array.of(1, -2, 0, 1), [2, 1, 2]);
    // |b·g|: [1, 2] and [0, 10]. Over all channels: [0.1, 0.2], [0, 1]; each alone: [0, 1], [0, 1].
    const layers = [{ bias, gradients }];
    // Two cells to three pixels, corners aligned: the middle is the mean.
    expectClose(fullGrad(input, inputGradients, layers), [[0.1, 0.65, 1 + 1.2]], { absolute: 4e-6 });
    // Half-pixel centres put the middle there too, and the ends on the cells.
    const peer = fullGrad(input, inputGradients, layers, { variant: 'pytorch-grad-cam' });
    expectClose(peer, [[0, 1, 1 + 2]], { absolute: 4e-6 });
  });

  it('fullGrad of constants is empty, never NaN', () => {
    const flat = view(new Float32Array(3).fill(2), [1, 1, 3]);
    expect(Array.from(pack(fullGrad(flat, flat, [])))).toEqual([0, 0, 0]);
    expect(Array.from(pack(fullGrad(flat, flat, [], { variant: 'pytorch-grad-cam' })))).toEqual([0, 0, 0]);
  });

  it('fullGrad refuses shapes that do not belong together, numbers that are none and another variant', () => {
    const gradients = view(new Float32Array(4), [2, 1, 2]);
    expect(() => fullGrad(input, view(new Float32Array(2), [1, 1, 2]), [])).toThrow(ShapeError);
    const wrong = [{ bias: view(new Float32Array(3), [3]), gradients }];
    expect(() => fullGrad(input, inputGradients, wrong)).toThrow(/expected bias \[2\]; received shape \[3\]/);
    const spoiled = view(Float32Array.of(1, Number.NaN, 0), [1, 1, 3]);
    expect(() => fullGrad(input, spoiled, [])).toThrow(NonFiniteError);
    expect(() => fullGrad(input, inputGradients, [], { variant: 'paper' as never })).toThrow(OptionError);
  });
});
