import { expectClose } from '@hybridcam/test-utils';
import { describe, it } from 'vitest';
import {
  customTarget,
  gradCam,
  logit,
  probability,
  shapleyCam,
  shapleyCotangent,
  toProbabilities,
  view,
} from '../../src/index.ts';
import { activations, gradients } from './toy-layer.ts';

describe('shapleyCam', () => {
  it('shapleyCam is Grad-CAM of the corrected gradients', () => {
    expectClose(shapleyCam(activations, gradients), gradCam(activations, gradients));
  });
});

describe('shapleyCotangent', () => {
  const scores = [1, -0.5, 2];
  const bias = view(Float32Array.of(0.25, 0, -1), [3]);

  it('shapleyCotangent of a linear target is its own gradient', () => {
    expectClose(shapleyCotangent(logit(1), scores, bias, 'logit'), [0, 1, 0]);
  });

  it('shapleyCotangent of a square halves it: y = s², t″·(s − b)/2 = s − b', () => {
    const square = customTarget((s) => s[0]! ** 2, { gradient: (s) => [2 * s[0]!, 0, 0] });
    // 2·1 − (1 − 0.25)
    expectClose(shapleyCotangent(square, scores, bias, 'logit'), [1.25, 0, 0], { absolute: 1e-9 });
  });

  it('shapleyCotangent of a probability equals the Hessian written out', () => {
    const p = toProbabilities(scores);
    const step = scores.map((score, c) => score - bias.get(c));
    const mean = p.reduce((sum, value, c) => sum + value * step[c]!, 0);
    const expected = scores.map((_, j) => {
      const slope = p[0]! * ((j === 0 ? 1 : 0) - p[j]!);
      // d p_0(δ_0j − p_j) along step
      const own = p[0]! * (step[0]! - mean);
      const other = p[j]! * (step[j]! - mean);
      return slope - 0.5 * (own * ((j === 0 ? 1 : 0) - p[j]!) - p[0]! * other);
    });
    expectClose(shapleyCotangent(probability(0), scores, bias, 'logit'), expected, { absolute: 1e-8 });
  });
});
