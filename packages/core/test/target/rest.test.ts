import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ClassNotFoundError,
  customTarget,
  logit,
  rest,
  toProbabilities,
  UnsupportedError,
} from '../../src/index.ts';

const scores = [1, 3, -2];

describe('rest', () => {
  it('rest(c) is the logit plus the logarithm of the probability', () => {
    const p = toProbabilities(scores);
    expectClose(rest(0).value(scores, 'logit'), 1 + Math.log(p[0]!), { absolute: 1e-12 });
    expectClose(rest(0).gradient(scores, 'logit'), [2 - p[0]!, -p[1]!, -p[2]!], { absolute: 1e-12 });
    expect(rest(0)).toMatchObject({ description: 'rest(0)', classIndex: 0, linear: false });
  });

  it('rest(c) is finite where the probability underflows, and nearly the logit where it is sure', () => {
    expectClose(rest(1).value([1000, 0], 'logit'), -1000);
    expectClose(rest(0).value([1000, 0], 'logit'), logit(0).value([1000, 0], 'logit'));
  });

  it('rest(0) of a single logit has the sigmoid for its probability', () => {
    expectClose(rest(0).value([2], 'logit'), 2 - Math.log1p(Math.exp(-2)), { absolute: 1e-12 });
    expectClose(rest(0).gradient([2], 'logit'), [2 - 1 / (1 + Math.exp(-2))], { absolute: 1e-12 });
  });

  it('rest(c) has the gradient that differences measure', () => {
    const logits = fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(logits, (ys) => {
        const measured = customTarget((s) => rest(0).value(s, 'logit'));
        expectClose(rest(0).gradient(ys, 'logit'), measured.gradient(ys, 'logit'), { absolute: 1e-7 });
      }),
    );
  });

  it('rest(c) refuses probabilities and classes that are not there', () => {
    expect(() => rest(0).value([0.25, 0.75], 'probability')).toThrow(UnsupportedError);
    expect(() => rest(3).gradient(scores, 'logit')).toThrow(ClassNotFoundError);
  });
});
