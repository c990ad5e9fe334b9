import { describe, expect, it } from 'vitest';
import { view } from '../../src/index.ts';
import { packLayer } from '../../src/kernels/layer.ts';
import { positiveSum } from '../../src/kernels/positive-sum.ts';

describe('positiveSum', () => {
  it.each([1, 4, 7])('adds what %i channels have where their gradient is positive', (channels) => {
    const shape = [channels, 1, 2];
    // Channel k: activations k + 1 and −k − 1, gradients 3 and, of odd channels, −5.
    const activations = view(
      Float32Array.from({ length: 2 * channels }, (_, i) => (i % 2 === 0 ? 1 : -1) * ((i >> 1) + 1)),
      shape,
    );
    const gradients = view(
      Float32Array.from({ length: 2 * channels }, (_, i) => ((i >> 1) % 2 === 0 ? 3 : -5)),
      shape,
    );
    let even = 0;
    for (let k = 0; k < channels; k += 2) even += k + 1;
    expect([...positiveSum(packLayer('test', activations, gradients))]).toEqual([3 * even, -3 * even]);
  });
});
