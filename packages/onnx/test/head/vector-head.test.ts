import { describe, expect, test } from 'vitest';
import { isDense, type VectorHead } from '../../src/head/vector-head.ts';
import type { VectorStep } from '../../src/head/vector-step.ts';

const step = (facts: Partial<VectorStep>): VectorStep => ({
  what: 'step',
  inputs: [0],
  output: 1,
  length: 2,
  affine: true,
  forward: ([x]) => x!,
  backward: (dY) => [dY],
  ...facts,
});
const matrix = (scale: number) => ({
  weights: { values: Float32Array.of(1, 0, 0, 1) },
  outputs: 2,
  inputs: 2,
  outputStride: 2,
  inputStride: 1,
  bias: undefined,
  scale,
});
const head = (...steps: VectorStep[]): VectorHead => ({
  pooledLength: 2,
  classCount: 2,
  steps,
  result: 1,
  affine: true,
});

describe('isDense', () => {
  test('a product with a matrix, and several with changes of shape between', () => {
    expect(isDense(head(step({ matrix: matrix(1) })))).toBe(true);
    const flatten = step({ identity: true });
    expect(isDense(head(flatten, step({ matrix: matrix(1) }), flatten, step({ matrix: matrix(2) })))).toBe(
      true,
    );
  });

  test('not what could leave an element out: another step, a factor of 0, no product at all', () => {
    expect(isDense(head(step({ matrix: matrix(1) }), step({})))).toBe(false);
    expect(isDense(head(step({ matrix: matrix(0) })))).toBe(false);
    expect(isDense(head(step({ identity: true })))).toBe(false);
  });
});
