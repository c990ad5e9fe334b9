import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ClassNotFoundError, customTarget, finer, margin, OptionError } from '../../src/index.ts';

const scores = [5, 4, 0, 4.5, -3];

describe('finer', () => {
  it('finer(c) subtracts 0.6 of the mean of the three nearest classes', () => {
    expectClose(finer(0).value(scores, 'logit'), 5 - (0.6 * (4.5 + 4 + 0)) / 3, { absolute: 1e-12 });
    expectClose(finer(0).gradient(scores, 'logit'), [1, -0.2, -0.2, -0.2, 0], { absolute: 1e-12 });
  });

  it('finer(c, { references: 1, strength: 1 }) is the margin to the nearest class', () => {
    const target = finer(0, { references: 1, strength: 1 });
    expectClose(target.value(scores, 'logit'), margin(0, 3).value(scores, 'logit'));
    expectClose(target.gradient(scores, 'logit'), margin(0, 3).gradient(scores, 'logit'));
    expect(target.linear).toBe(true);
  });

  it('finer(c, { variant: pytorch-grad-cam }) weights by probability and differentiates the weights', () => {
    const target = finer(0, { variant: 'pytorch-grad-cam', references: 2 });
    const [p3, p1] = [Math.exp(4.5), Math.exp(4)];
    expectClose(target.value(scores, 'logit'), (p3 * 0.5 + p1 * 1) / (p3 + p1), { absolute: 1e-7 });
    expect(target.linear).toBe(false);
  });

  it('finer has the gradient that differences measure, for both variants', () => {
    const distinct = fc.uniqueArray(fc.integer({ min: -40, max: 40 }), { minLength: 4, maxLength: 7 });
    fc.assert(
      fc.property(distinct, fc.constantFrom('torchcam', 'pytorch-grad-cam'), (tenths, variant) => {
        // Distances to class 0 are distinct by more than the step, so the nearest classes stay the nearest.
        const ys = tenths.map((value, i) => value / 10 + i * 1e-3);
        const gaps = ys
          .slice(1)
          .map((y) => Math.abs(y - ys[0]!))
          .sort((a, b) => a - b);
        if (gaps.some((gap, i) => i > 0 && gap - gaps[i - 1]! < 1e-4)) return;
        const target = finer(0, { variant, references: 2 });
        const measured = customTarget((s) => target.value(s, 'logit'));
        expectClose(target.gradient(ys, 'logit'), measured.gradient(ys, 'logit'), { absolute: 1e-6 });
      }),
    );
  });

  it('finer takes fewer classes where there are not enough, and refuses impossible options', () => {
    expectClose(finer(0).value([2, 1], 'logit'), 1.4, { absolute: 1e-12 });
    expect(() => finer(0, { references: 0 })).toThrow(OptionError);
    expect(() => finer(0, { strength: -1 })).toThrow(OptionError);
    expect(() => finer(0, { variant: 'author' as never })).toThrow(OptionError);
    expect(() => finer(9).value(scores, 'logit')).toThrow(ClassNotFoundError);
  });
});
