import { expectClose } from '@hybridcam/test-utils';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  attentionRollout,
  explain,
  type Model,
  NonFiniteError,
  OptionError,
  pack,
  ShapeError,
  view,
} from '../../src/index.ts';
import { toyInput, toyModel } from '../toy-model.ts';

const layer = (heads: number, ...values: number[]) => {
  const tokens = Math.sqrt(values.length / heads);
  return view(Float32Array.from(values), [heads, tokens, tokens]);
};
const grid = [1, 2] as const;

describe('attentionRollout', () => {
  it('attentionRollout of one layer is half its attention', () => {
    const attention = layer(1, 0.2, 0.3, 0.5, 0, 1, 0, 0, 0, 1);
    expectClose(attentionRollout([attention], { grid }), [[0.15, 0.25]], { relative: 1e-6 });
  });

  it('attentionRollout multiplies the last layer by those before it, heads averaged', () => {
    // First: token 1 looks at token 2. Last: two heads, of which one looks at token 1 and one at token 2.
    const first = layer(1, 1, 0, 0, 0, 0, 1, 0, 0, 1);
    const last = layer(2, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0, 1);
    // Row 0 of the last: [½, ¼, ¼]; then token 1 = ½ token 1 + ½ token 2.
    expectClose(attentionRollout([first, last], { grid }), [[0.125, 0.375]], { relative: 1e-6 });
    expectClose(
      attentionRollout([first], { grid: [1, 3], prefix: 0, query: 'mean' }),
      [[1 / 3, 1 / 6, 0.5]],
      {
        relative: 1e-6,
      },
    );
    expectClose(attentionRollout([first], { grid, query: 1 }), [[0.5, 0.5]], { relative: 1e-6 });
  });

  it('attentionRollout shares out exactly 1 over all tokens', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.01, max: 1, noNaN: true }), { minLength: 32, maxLength: 32 }),
        (raw) => {
          const rows = raw.map((value, i) => {
            const start = i - (i % 4);
            return value / raw.slice(start, start + 4).reduce((a, b) => a + b);
          });
          const layers = [layer(1, ...rows.slice(0, 16)), layer(1, ...rows.slice(16))];
          const all = pack(attentionRollout(layers, { grid: [2, 2], prefix: 0 }));
          expect(all.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
        },
      ),
    );
  });

  it('attentionRollout refuses places that do not fit, other shapes, no layers and numbers that are none', () => {
    const attention = layer(1, 1, 0, 0, 1);
    expect(() => attentionRollout([attention], { grid })).toThrow(/expected 1 \+ 1×2 tokens; received 2/);
    expect(() => attentionRollout([attention], { grid: [0, 1] })).toThrow(OptionError);
    expect(() => attentionRollout([attention], { grid: [1, 1], prefix: -1 })).toThrow(OptionError);
    expect(() => attentionRollout([attention], { grid: [1, 1], query: 2 })).toThrow(OptionError);
    expect(() => attentionRollout([], { grid })).toThrow(OptionError);
    expect(() => attentionRollout([view(new Float32Array(6), [1, 2, 3])], { grid })).toThrow(ShapeError);
    expect(() => attentionRollout([attention, layer(1, 1)], { grid: [1, 1] })).toThrow(ShapeError);
    expect(() => attentionRollout([layer(1, Number.NaN, 0, 0, 1)], { grid: [1, 1] })).toThrow(NonFiniteError);
  });
});

describe('explain(…, attention-rollout)', () => {
  const matrices = view(Float32Array.from([0, 0.25, 0.75, 0, 1, 0, 0, 0, 1]), [1, 1, 3, 3]);
  const transformer = (query: number | 'mean'): Model => {
    const model = toyModel();
    const { forward, network } = model;
    return {
      ...model,
      network: { ...network!, attention: { blockedBy: undefined } },
      forward: async (input, options) => ({
        ...(await forward(input, options)),
        attention: async () => ({ layers: [matrices], grid: [1, 2], prefix: 1, query }),
      }),
    };
  };
  const request = { method: 'attention-rollout', normalize: 'none' } as const;

  it('explain(…, attention-rollout) follows the token that the scores read, at the size of the patches', async () => {
    const { cam, record } = await explain(transformer(0), toyInput(), request);
    expectClose(cam, [[0.125, 0.375]]);
    expect([record.targetLayers, record.range.unit]).toEqual([[], 'relative']);
    const mean = await explain(transformer('mean'), toyInput(), request);
    expectClose(mean.cam, [[(0.125 + 1) / 3, (0.375 + 1) / 3]], { relative: 1e-6 });
  });

  it('explain(…, attention-rollout) is refused by what is no transformer', async () => {
    await expect(explain(toyModel(), toyInput(), request)).rejects.toThrow(
      /expected attention matrices for attention-rollout; received none: it is no transformer\. Use grad-cam/,
    );
  });
});
