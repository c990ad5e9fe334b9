import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leadingEigenvector } from '../../src/kernels/leading-eigenvector.ts';

const times = (matrix: readonly (readonly number[])[]) => (vector: Float64Array) =>
  Float64Array.from(matrix, (row) => row.reduce((sum, value, i) => sum + value * vector[i]!, 0));

describe('leadingEigenvector', () => {
  it('leadingEigenvector of [[2, 1], [1, 2]] is (1, 1)/√2 up to sign', () => {
    const vector = leadingEigenvector(
      times([
        [2, 1],
        [1, 2],
      ]),
      2,
    );
    expectClose(vector.map(Math.abs), [Math.SQRT1_2, Math.SQRT1_2], { absolute: 1e-12 });
    expect(vector[0]! * vector[1]!).toBeGreaterThan(0);
  });

  it('leadingEigenvector of one cell is 1, and of the zero operator the zero vector', () => {
    expectClose(leadingEigenvector(times([[5]]), 1).map(Math.abs), [1]);
    expectClose(
      leadingEigenvector((vector) => vector.map(() => 0), 3),
      [0, 0, 0],
    );
  });

  it('leadingEigenvector finds the largest eigenvalue of any Gram matrix: no unit vector gives more', () => {
    const entry = fc.integer({ min: -9, max: 9 });
    const factor = fc.array(fc.array(entry, { minLength: 40, maxLength: 40 }), {
      minLength: 3,
      maxLength: 12,
    });
    fc.assert(
      fc.property(factor, (rows) => {
        // Gᵀ·G of 3 to 12 rows: rank far below 40, so Lanczos must end early.
        const apply = (vector: Float64Array) => {
          const result = new Float64Array(40);
          for (const row of rows) {
            const component = row.reduce((sum, value, i) => sum + value * vector[i]!, 0);
            for (let i = 0; i < 40; i++) result[i]! += component * row[i]!;
          }
          return result;
        };
        if (rows.every((row) => row.every((value) => value === 0))) return;
        const vector = leadingEigenvector(apply, 40);
        const image = apply(vector);
        const value = image.reduce((sum, x, i) => sum + x * vector[i]!, 0);
        expectClose(
          image,
          vector.map((x) => x * value),
          { absolute: 1e-6 * value },
        );
        // Power iteration from many starts never climbs higher.
        for (let start = 0; start < 40; start += 7) {
          let climb = Float64Array.from({ length: 40 }, (_, i) => Number(i === start) + 0.01);
          let rayleigh = 0;
          for (let step = 0; step < 30; step++) {
            const next = apply(climb);
            const norm = Math.sqrt(next.reduce((sum, x) => sum + x * x, 0));
            if (norm === 0) break;
            climb = next.map((x) => x / norm);
            rayleigh = apply(climb).reduce((sum, x, i) => sum + x * climb[i]!, 0);
          }
          expect(rayleigh).toBeLessThanOrEqual(value * (1 + 1e-9));
        }
      }),
      { numRuns: 40 },
    );
  });
});
