import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { scopedGradients } from '../../src/scoped/scoped-gradients.ts';
import { suppliedKernels } from '../../src/scoped/supplied-kernels.ts';
import { hasKernel, withScopedKernels } from '../../src/scoped/with-scoped-kernels.ts';
import { nodeBackends, useBackend } from '../use-backend.ts';

/** What is registered under the names that we touch. */
function registered(backend: string): unknown[] {
  return [
    ...Object.keys(scopedGradients).map((name) => tf.getGradient(name)),
    ...Object.keys(suppliedKernels).map((name) => hasKernel(name, backend)),
  ];
}

describe.each(nodeBackends)('withScopedKernels on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('inside it nothing is missing and the wrong gradients are ours; afterwards all is as it was', () => {
    const before = registered(backend);
    expect(before.includes(false)).toBe(backend === 'wasm');
    const inside = withScopedKernels(() => registered(backend));
    expect(inside.includes(false)).toBe(false);
    Object.keys(scopedGradients).forEach((_, i) => {
      expect(inside[i]).not.toBe(before[i]);
    });
    expect(registered(backend)).toEqual(before);
    registered(backend).forEach((entry, i) => {
      expect(entry).toBe(before[i]);
    });
  });

  test('puts everything back when the work throws', () => {
    const before = registered(backend);
    expect(() =>
      withScopedKernels(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    registered(backend).forEach((entry, i) => {
      expect(entry).toBe(before[i]);
    });
  });

  test('supplied kernels are exact: the user could train with them, were they left behind', () => {
    const x = tf.tensor4d(
      Float32Array.from({ length: 2 * 5 * 6 * 3 }, (_, i) => Math.sin(i)),
      [2, 5, 6, 3],
    );
    const filter = tf.tensor4d(
      Float32Array.from({ length: 3 * 2 * 3 * 4 }, (_, i) => Math.cos(i)),
      [3, 2, 3, 4],
    );
    const score = (of: tf.Tensor4D): tf.Scalar =>
      tf.sum(tf.square(tf.conv2d(x, of, [2, 1], 'same'))) as tf.Scalar;
    const gradient = withScopedKernels(() => tf.tidy(() => tf.grad((f) => score(f as tf.Tensor4D))(filter)));
    const values = gradient.dataSync();
    const step = 2 ** -6;
    for (const element of [0, 7, 23, 50, 71]) {
      const moved = [step, -step].map((shift) => {
        const data = filter.dataSync().slice();
        data[element] = data[element]! + shift;
        return tf.tidy(() => score(tf.tensor4d(data, [3, 2, 3, 4]))).dataSync()[0]!;
      }) as [number, number];
      // The score is quadratic: central differences are exact but for rounding.
      expect(Math.abs((moved[0] - moved[1]) / (2 * step) - values[element]!)).toBeLessThan(2e-2);
    }
    tf.dispose([x, filter, gradient]);
  });
});
