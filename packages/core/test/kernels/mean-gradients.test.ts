import { describe, expect, it } from 'vitest';
import { view } from '../../src/index.ts';
import { packLayer } from '../../src/kernels/layer.ts';
import { meanGradients } from '../../src/kernels/mean-gradients.ts';

describe('meanGradients', () => {
  it.each([1, 3, 4, 10])('of %i cells a channel: its own mean', (cells) => {
    const shape = [3, 1, cells];
    // Channel k: k, 2 + k, 4 + k …
    const gradients = view(
      Float32Array.from({ length: 3 * cells }, (_, i) => 2 * (i % cells) + Math.floor(i / cells)),
      shape,
    );
    const layer = packLayer('test', view(new Float32Array(3 * cells), shape), gradients);
    expect([...meanGradients(layer)]).toEqual([0, 1, 2].map((k) => cells - 1 + k));
  });

  it('of one gradient a channel: that', () => {
    const layer = packLayer('test', view(new Float32Array(4), [2, 1, 2]), view(Float32Array.of(3, -1), [2]));
    expect([...meanGradients(layer)]).toEqual([3, -1]);
  });
});
