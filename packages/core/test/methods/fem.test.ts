import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { fem, OptionError, view } from '../../src/index.ts';

describe('fem', () => {
  // Mean 1, variance (9·1 + 81)/10 = 9: the threshold is 1 + 2·3 = 7, and only 10 reaches it.
  const activations = view(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 10), [1, 2, 5]);

  it('fem counts the cells above μ + 2σ, weighted by the mean', () => {
    expectClose(fem(activations), [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 1],
    ]);
  });

  it('fem(…, { variant: pytorch-grad-cam }) weights the channel by their share', () => {
    expectClose(
      fem(activations, { variant: 'pytorch-grad-cam' }),
      [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0, 1],
      ],
      { relative: 1e-7 },
    );
    const two = view(
      Float32Array.from([...activations.data.slice(0, 9), 10, ...new Array(8).fill(0), 5, 30]),
      [2, 2, 5],
    );
    // Second channel: mean 3.5, σ ≈ 8.96; only 30 lies above 21.4.
    expectClose(fem(two), [
      [0, 0, 0, 0, 0],
      [0, 0, 0, 0, 4.5],
    ]);
    expectClose(
      fem(two, { variant: 'pytorch-grad-cam' }),
      [
        [0, 0, 0, 0, 0],
        [0, 0, 0, 0.5, 4],
      ],
      { relative: 1e-6 },
    );
  });

  it('fem refuses another variant', () => {
    expect(() => fem(activations, { variant: 'xplique' as never })).toThrow(OptionError);
  });
});
