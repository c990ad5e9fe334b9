import { pack, view } from '@hybridcam/core';
import type { Subject } from '../src/index.ts';

/** f(x) = weights · x (summed over channels), as the score of class 0; class 1 gets the negative. Counts its forward passes. */
export function linearSubject(weights: readonly number[]): Subject & { forwards: number } {
  const subject = {
    scoreKind: 'logit' as const,
    batchSize: 3,
    forwards: 0,
    async score(input: Parameters<Subject['score']>[0]) {
      const [batch, channels, height, width] = input.shape as [number, number, number, number];
      const data = pack(input);
      const scores = new Float32Array(batch * 2);
      const pixels = height * width;
      for (let n = 0; n < batch; n++) {
        subject.forwards++;
        let sum = 0;
        for (let i = 0; i < channels * pixels; i++)
          sum += weights[i % pixels]! * data[n * channels * pixels + i]!;
        scores[2 * n] = sum;
        scores[2 * n + 1] = -sum;
      }
      return view(scores, [batch, 2]);
    },
  };
  return subject;
}

export const map = (values: number[], shape: number[]) => view(Float32Array.from(values), shape);
