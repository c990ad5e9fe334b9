import { view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { createTfjsModel } from '../src/index.ts';
import { loadGraphFixture } from './load-graph-fixture.ts';
import { smallLayersModel } from './small-layers-model.ts';
import { nodeBackends, useBackend } from './use-backend.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

/** From now on the read with that number fails, as when a GPU is lost; how many were tried is counted. */
function failRead(number: number): { readonly tried: number } {
  const read = tf.Tensor.prototype.data;
  const count = { tried: 0 };
  vi.spyOn(tf.Tensor.prototype, 'data').mockImplementation(function (this: tf.Tensor) {
    return count.tried++ === number ? Promise.reject(new Error('lost')) : read.call(this);
  } as typeof read);
  return count;
}

describe.each(nodeBackends)('on %s', (backend) => {
  beforeAll(() => useBackend(backend));

  test.each(['a LayersModel', 'a GraphModel'])(
    '%s: tf.memory() is back where it was whichever read fails',
    async (kind) => {
      const { source, artifacts } =
        kind === 'a GraphModel'
          ? await loadGraphFixture('graph-model-fused')
          : { source: smallLayersModel(), artifacts: undefined };
      const create = () => createTfjsModel(source, artifacts === undefined ? {} : { artifacts });
      let input = view(new Float32Array(0), [0, 0, 0, 0]);
      const [first, last] = await create().then(async (model) => {
        const { height, width } = model.input;
        input = view(
          Float32Array.from({ length: 3 * height! * width! }, (_, i) => Math.sin(i)),
          [1, 3, height!, width!],
        );
        const varying = model.layers.filter(({ gradient }) => gradient === 'varying');
        await model.dispose();
        return [varying[0]!.name, model.defaultLayer];
      });
      const before = tf.memory().numTensors;
      const explainOnce = async (): Promise<void> => {
        const model = await create();
        try {
          const pass = await model.forward(input, { layers: [first!, last!], tails: [first!] });
          try {
            await pass.gradients(
              [first!, last!],
              view(new Float32Array(model.classCount).fill(1), [1, model.classCount]),
            );
            await pass.scoresFrom(first!, pass.activations(first!));
          } finally {
            pass.dispose();
          }
        } finally {
          await model.dispose();
        }
      };
      let failures = 0;
      for (;;) {
        const reads = failRead(failures);
        const error = await explainOnce().then(
          () => undefined,
          (reason: Error) => reason,
        );
        vi.restoreAllMocks();
        expect(tf.memory().numTensors, `read ${failures}`).toBe(before);
        if (error === undefined) break;
        expect(error).toMatchObject({ code: 'RUNTIME', message: expect.stringMatching(/: lost$/) });
        expect(reads.tried).toBeGreaterThan(failures);
        failures++;
      }
      // Scores, two activations, the linear head's weights and bias, a gradient, the scores of the tail.
      expect(failures).toBeGreaterThanOrEqual(7);
      source.dispose();
    },
  );
});
