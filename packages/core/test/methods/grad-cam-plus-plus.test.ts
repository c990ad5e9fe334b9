import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { type GradCamPlusPlusVariant, gradCamPlusPlus, OptionError, view } from '../../src/index.ts';
import { activations, constantGradients, gradients, writtenOutGradients } from './toy-layer.ts';

describe('gradCamPlusPlus', () => {
  it('gradCamPlusPlus(activations, gradients) of the toy layer is what the formula gives by hand', () => {
    // a = 1/(2 + 10) for g = 1, 1/(2 + 20) for g = 2; 1/(2 + 3) in channel 1
    const [w0, w1] = [1 / 12 + 2 / 22, 1 / 5];
    expectClose(
      gradCamPlusPlus(activations, gradients),
      [
        [w0 + 2 * w1, 2 * w0],
        [3 * w0, 4 * w0 + w1],
      ],
      { relative: 1e-7 },
    );
  });

  it('gradCamPlusPlus(activations, gradients) takes one gradient per channel as the same in every cell', () => {
    expectClose(
      gradCamPlusPlus(activations, constantGradients),
      gradCamPlusPlus(activations, writtenOutGradients),
      {
        relative: 1e-7,
      },
    );
  });

  it('gradCamPlusPlus(…, { variant }) gives each program’s own channel weight', () => {
    // One channel, A = [1, 3] (sum 4), g = [1, −2]: only g = 1 is positive, a = 1/6 there and 1/(2 − 8) = −1/6 at g = −2.
    const a = view(Float32Array.of(1, 3), [1, 1, 2]);
    const g = view(Float32Array.of(1, -2), [1, 1, 2]);
    const weight = (variant: GradCamPlusPlusVariant) => gradCamPlusPlus(a, g, { variant }).get(0, 0);
    expectClose(weight('paper'), 1 / 6, { relative: 1e-7 });
    expectClose(weight('pytorch-grad-cam'), 1 / (6 + 1e-6), { relative: 1e-7 });
    expectClose(weight('torchcam'), 1, { relative: 1e-7 });
    expectClose(weight('author'), 1, { relative: 1e-7 });
    // Over all cells the coefficients sum to 0 here, and nothing is divided.
    expectClose(weight('tf-keras-vis'), 1 / 6, { relative: 1e-7 });
    // Xplique: the mean of A, a = 1/(2 + 2) at g = 1, and the mean over the two cells.
    expectClose(weight('xplique'), 1 / 8, { relative: 1e-7 });
    const uneven = view(Float32Array.of(1, -1), [1, 1, 2]);
    expectClose(gradCamPlusPlus(a, uneven, { variant: 'tf-keras-vis' }).get(0, 0), 0, { absolute: 0 });
    expect(() => gradCamPlusPlus(a, g, { variant: 'keras' as never })).toThrow(OptionError);
  });

  it('gradCamPlusPlus survives a signed layer whose denominator is exactly 0', () => {
    const signed = view(Float32Array.of(-3, 1), [1, 1, 2]);
    expectClose(gradCamPlusPlus(signed, view(Float32Array.of(1), [1])), [[0, 2]]);
    // Xplique: mean A = −1, so that g = 2 gives 2·4 − 8 = 0 and 4/1e-4 in its place.
    const peer = gradCamPlusPlus(signed, view(Float32Array.of(2), [1]), { variant: 'xplique' });
    expectClose(peer, [[0, 8e4]], { relative: 1e-6 });
  });
});
