import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  binaryScore,
  ClassNotFoundError,
  counterfactual,
  customTarget,
  logit,
  margin,
  NonFiniteError,
  OptionError,
  probability,
  ShapeError,
  toProbabilities,
} from '../../src/index.ts';

const scores = [1, 3, -2];

describe('logit', () => {
  it('logit(c) is the score of c and its gradient 1 at c', () => {
    expect(logit(1).value(scores, 'logit')).toBe(3);
    expectClose(logit(1).gradient(scores, 'logit'), [0, 1, 0]);
    expect(logit(1)).toMatchObject({ description: 'logit(1)', classIndex: 1, linear: true });
  });

  it('logit(c) refuses a class the scores do not have', () => {
    expect(() => logit(3).value(scores, 'logit')).toThrow(/class index from 0 to 2; received 3/);
    expect(() => logit(0.5).gradient(scores, 'logit')).toThrow(ClassNotFoundError);
  });
});

describe('margin', () => {
  it('margin(a, b) is the difference', () => {
    expect(margin(0, 2).value(scores, 'logit')).toBe(3);
    expectClose(margin(0, 2).gradient(scores, 'logit'), [1, 0, -1]);
    expect(() => margin(1, 1)).toThrow(OptionError);
  });
});

describe('binaryScore', () => {
  it('binaryScore(sign) is the only score or its negative', () => {
    expect(binaryScore(1).value([-4], 'logit')).toBe(-4);
    expect(binaryScore(-1).value([-4], 'logit')).toBe(4);
    expectClose(binaryScore(-1).gradient([-4], 'logit'), [-1]);
    expect(() => binaryScore(0 as never)).toThrow(OptionError);
  });
});

describe('probability', () => {
  it('probability(c) is the softmax and its gradient p_c (δ − p)', () => {
    const p = toProbabilities(scores);
    expectClose(probability(0).value(scores, 'logit'), p[0]!);
    const [p0, p1, p2] = p as unknown as [number, number, number];
    expectClose(probability(0).gradient(scores, 'logit'), [p0 * (1 - p0), -p0 * p1, -p0 * p2], {
      relative: 1e-12,
    });
  });

  it('probability(0) of a single logit is the sigmoid', () => {
    expectClose(probability(0).value([2], 'logit'), 1 / (1 + Math.exp(-2)));
    expectClose(probability(0).gradient([2], 'logit'), [Math.exp(-2) / (1 + Math.exp(-2)) ** 2], {
      relative: 1e-12,
    });
  });

  it('probability(c) keeps a gradient where 1 − p rounds to 0', () => {
    const [own, other] = probability(0).gradient([50, 0], 'logit') as unknown as [number, number];
    expectClose(own, Math.exp(-50), { relative: 1e-10 });
    expectClose(other, -Math.exp(-50), { relative: 1e-10 });
    expectClose(probability(0).gradient([50], 'logit'), [Math.exp(-50)], { relative: 1e-10 });
  });

  it('probability(c) of scores that are probabilities is the score', () => {
    expect(probability(1).value([0.25, 0.75], 'probability')).toBe(0.75);
    expectClose(probability(1).gradient([0.25, 0.75], 'probability'), [0, 1]);
  });

  it('probability(c) has the gradient that differences measure', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 2, maxLength: 6 }),
        (ys) => {
          const target = probability(ys.length - 1);
          const measured = customTarget((s) => target.value(s, 'logit'));
          expectClose(measured.gradient(ys, 'logit'), target.gradient(ys, 'logit'), { absolute: 1e-8 });
        },
      ),
    );
  });
});

describe('customTarget', () => {
  it('customTarget(fn) differentiates by itself in float64', () => {
    const target = customTarget((s) => s[0]! ** 2 * s[1]! + Math.sin(s[2]!));
    expect(target.value(scores, 'logit')).toBe(3 + Math.sin(-2));
    expectClose(target.gradient(scores, 'logit'), [6, 1, Math.cos(-2)], { absolute: 1e-8 });
  });

  it('customTarget(fn, { gradient }) uses the given gradient', () => {
    const target = customTarget((s) => s[0]!, {
      gradient: () => [7, 8, 9],
      description: 'odd',
      classIndex: 2,
    });
    expectClose(target.gradient(scores, 'logit'), [7, 8, 9]);
    expect(target).toMatchObject({ description: 'odd', classIndex: 2, linear: false });
  });

  it('customTarget hands out copies: a function that writes cannot spoil the scores', () => {
    const own = Float32Array.of(1, 2);
    const target = customTarget((s) => {
      const value = s[0]! * 3;
      s.fill(0);
      return value;
    });
    expect(target.value(own, 'logit')).toBe(3);
    expectClose(target.gradient(own, 'logit'), [3, 0], { absolute: 1e-9 });
    expectClose(own, [1, 2]);
  });

  it('customTarget refuses what is not finite, and a gradient of another length', () => {
    expect(() => customTarget(() => Number.NaN).value(scores, 'logit')).toThrow(NonFiniteError);
    expect(() => customTarget((s) => Math.log(s[2]!)).gradient(scores, 'logit')).toThrow(NonFiniteError);
    expect(() => customTarget(() => 0, { gradient: () => [1] }).gradient(scores, 'logit')).toThrow(
      ShapeError,
    );
  });
});

describe('counterfactual', () => {
  it('counterfactual(target) is its negative', () => {
    const target = counterfactual(margin(0, 2));
    expect(target.value(scores, 'logit')).toBe(-3);
    expectClose(target.gradient(scores, 'logit'), [-1, -0, 1]);
    expect(target).toMatchObject({
      description: 'counterfactual(margin(0, 2))',
      linear: true,
      classIndex: 0,
    });
  });
});
