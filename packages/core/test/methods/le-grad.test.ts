import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  explain,
  leGrad,
  type Model,
  OptionError,
  pack,
  probability,
  ShapeError,
  view,
} from '../../src/index.ts';
import { toyInput, toyModel } from '../toy-model.ts';

describe('leGrad', () => {
  const gradient = (...values: number[]) => view(Float32Array.from(values), [1, 3, 3]);
  const grid = [1, 2] as const;

  it('leGrad averages the positive gradients of each key over heads, queries and layers', () => {
    const first = gradient(9, 1, -1, 9, 2, -2, 9, 3, 6);
    expectClose(leGrad([first], { grid }), [[2, 2]], { relative: 1e-6 });
    const second = gradient(0, -1, 3, 0, -1, 0, 0, -1, 0);
    expectClose(leGrad([first, second], { grid }), [[1, 1.5]], { relative: 1e-6 });
    const heads = view(Float32Array.from([...first.data, ...second.data]), [2, 3, 3]);
    expectClose(leGrad([heads], { grid }), [[1, 1.5]], { relative: 1e-6 });
  });

  it('leGrad of negative gradients is empty, and other shapes are refused', () => {
    expectClose(leGrad([gradient(-1, -1, -1, -1, -1, -1, -1, -1, -1)], { grid }), [[0, 0]]);
    expect(() => leGrad([view(new Float32Array(3), [3])], { grid })).toThrow(ShapeError);
    expect(() => leGrad([], { grid })).toThrow(OptionError);
  });
});

describe('explain(…, le-grad)', () => {
  /** Two blocks of a class token and two patches; the gradient of a block is its cotangent, at the patch of that number. */
  const scores = [0, 1, 2, 2, 0, 1];
  const transformer = (asked: number[][]): Model => {
    const model = toyModel();
    return {
      ...model,
      network: { ...model.network!, blocks: { blockedBy: undefined } },
      forward: async (input, options) => ({
        ...(await model.forward(input, options)),
        blocks: async () => ({
          scores: view(Float32Array.from(scores), [1, 2, 3]),
          gradients: async (cotangent) => {
            asked.push([...pack(cotangent)]);
            const layers = [0, 1].map((block) => {
              const matrix = new Float32Array(9);
              matrix[1 + block] = cotangent.get(0, block, 1);
              return view(matrix, [1, 1, 3, 3]);
            });
            return { layers, grid: [1, 2], prefix: 1, query: 0 };
          },
        }),
      }),
    };
  };

  it('explain(…, le-grad) asks every block for the slope of the target at its own scores', async () => {
    const asked: number[][] = [];
    const request = { method: 'le-grad', classIndex: 1, normalize: 'none' } as const;
    const { cam, record } = await explain(transformer(asked), toyInput(), request);
    expect(asked).toEqual([[0, 1, 0, 0, 1, 0]]);
    expectClose(cam, [[1 / 6, 1 / 6]], { relative: 1e-6 });
    expect([record.targetLayers, record.range.unit]).toEqual([[], 'score']);
    const ofProbability = await explain(transformer(asked), toyInput(), {
      ...request,
      target: probability(1),
      classIndex: undefined,
    });
    const share = (own: readonly number[]) => {
      const [p = 0] = [Math.exp(own[1]!) / own.reduce((sum, score) => sum + Math.exp(score), 0)];
      return (p * (1 - p)) / 6;
    };
    expectClose(ofProbability.cam, [[share(scores.slice(0, 3)), share(scores.slice(3))]], { relative: 1e-5 });
  });

  it('explain(…, le-grad) is refused by what is no transformer, and with a target layer', async () => {
    const request = { method: 'le-grad', classIndex: 1 } as const;
    await expect(explain(toyModel(), toyInput(), request)).rejects.toThrow(
      /expected attention matrices and the scores behind each block for le-grad; received none: it is no transformer\. Use grad-cam/,
    );
    await expect(explain(toyModel(), toyInput(), { ...request, targetLayer: 'last' })).rejects.toThrow(
      OptionError,
    );
  });
});
