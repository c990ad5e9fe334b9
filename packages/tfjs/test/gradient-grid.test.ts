import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { beforeAll, describe, expect, test } from 'vitest';
import { checkGradient } from './check-gradient.ts';
import { type GradientCase, layerCases, windowCases } from './gradient-cases.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

describe.each(nodeBackends)('gradients against finite differences on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test('every window, stride, padding, dilation and multiplier', { timeout: 300_000 }, async () => {
    // A "same" convolution with a window smaller than its stride, where nothing is padded: the wasm kernel returns zeros.
    const refused = backend === 'wasm' ? REFUSED_ON_WASM : [];
    await expectAllRight(windowCases(), refused);
  });

  test('every layer and operation is right', { timeout: 300_000 }, async () => {
    // The convolution of tfjs-node takes no padding in numbers: the forward pass itself throws.
    const cases = layerCases().filter(
      ({ title }) => backend !== 'tensorflow' || title !== 'own: conv padded by number',
    );
    // There the forward pass takes the parameters of other cells.
    await expectAllRight(cases, backend === 'tensorflow' ? [] : ['batch norm over axis 1']);
  });

  // tfjs-node has a right average pool.
  test.each([
    ...(backend === 'tensorflow' ? [] : ['average pool k3 s1 same on 6×7×3']),
    'own: mirror pad reflect',
  ])('the check would notice: stock tfjs at %s', async (title) => {
    const wrong = [...windowCases(), ...layerCases()].find((one) => one.title === title)!;
    const { error } = await checkGradient(wrong, 24, stock);
    expect(error).toBeGreaterThan(0.05);
  });
});

test('the grid has at least 300 cases', () => {
  expect(windowCases().length + layerCases().length).toBeGreaterThanOrEqual(300);
});

const REFUSED_ON_WASM = ['conv', 'depthwise']
  .flatMap((layer) => windowCases().filter(({ title }) => title.startsWith(`${layer} k2 s3 same`)))
  .filter(({ inputShape }) => inputShape.slice(0, 2).some((size) => size % 3 === 0))
  .map(({ title }) => title);

/** Every case is right, or refused by name where it must be: nothing is silently wrong, and nothing leaks. */
async function expectAllRight(
  cases: readonly GradientCase[],
  expectRefused: readonly string[],
): Promise<void> {
  const complaints: string[] = [];
  const refusals: string[] = [];
  for (const one of cases) {
    const { error, leaked, refused } = await checkGradient(one);
    if (refused !== undefined) refusals.push(one.title);
    if (refused !== undefined && !expectRefused.includes(one.title))
      complaints.push(`${one.title}: ${refused}`);
    if (!(error <= 2e-3)) complaints.push(`${one.title}: error ${error.toExponential(2)}`);
    if (leaked !== '') complaints.push(`${one.title}: ${leaked}`);
  }
  expect(complaints).toEqual([]);
  expect(refusals.sort()).toEqual([...expectRefused].sort());
}

async function stock(
  model: LayersModel,
  centre: Float32Array,
  inputShape: readonly number[],
  weights: Float32Array,
): Promise<Float32Array> {
  const gradient = tf.tidy(() => {
    const score = (x: tf.Tensor): tf.Scalar => {
      const y = model.apply(x, { training: false }) as tf.Tensor;
      return tf.sum(tf.mul(y, tf.tensor(weights, y.shape)));
    };
    return tf.grad(score)(tf.tensor(centre, [1, ...inputShape]));
  });
  const data = (await gradient.data()) as Float32Array;
  gradient.dispose();
  return data.slice();
}
