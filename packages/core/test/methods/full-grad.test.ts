import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  explain,
  explainMany,
  forwardCount,
  fullGrad,
  type Model,
  NonFiniteError,
  OptionError,
  pack,
  type ScoreShares,
  ShapeError,
  UnsupportedError,
  view,
} from '../../src/index.ts';
import { toyInput, toyModel } from '../toy-model.ts';

describe('fullGrad', () => {
  const input = view(Float32Array.of(1, -2, 3), [1, 1, 3]);
  const inputGradients = view(Float32Array.of(2, 1, 1), [1, 1, 3]);

  it('fullGrad without biases is input times gradient, min-maxed', () => {
    // |2|, |−2|, |3|
    expectClose(fullGrad(input, inputGradients, []), [[0, 0, 1]], { absolute: 2e-6 });
  });

  it('fullGrad adds every layer’s biases times gradients, over all its channels or each alone', () => {
    const bias = view(Float32Array.of(1, -10), [2]);
    const gradients = view(Float32Array.of(1, -2, 0, 1), [2, 1, 2]);
    // |b·g|: [1, 2] and [0, 10]. Over all channels: [0.1, 0.2], [0, 1]; each alone: [0, 1], [0, 1].
    const layers = [{ bias, gradients }];
    // Two cells to three pixels, corners aligned: the middle is the mean.
    expectClose(fullGrad(input, inputGradients, layers), [[0.1, 0.65, 1 + 1.2]], { absolute: 4e-6 });
    // Half-pixel centres put the middle there too, and the ends on the cells.
    const peer = fullGrad(input, inputGradients, layers, { variant: 'pytorch-grad-cam' });
    expectClose(peer, [[0, 1, 1 + 2]], { absolute: 4e-6 });
  });

  it('fullGrad of constants is empty, never NaN', () => {
    const flat = view(new Float32Array(3).fill(2), [1, 1, 3]);
    expect(Array.from(pack(fullGrad(flat, flat, [])))).toEqual([0, 0, 0]);
    expect(Array.from(pack(fullGrad(flat, flat, [], { variant: 'pytorch-grad-cam' })))).toEqual([0, 0, 0]);
  });

  it('fullGrad refuses shapes that do not belong together, numbers that are none and another variant', () => {
    const gradients = view(new Float32Array(4), [2, 1, 2]);
    expect(() => fullGrad(input, view(new Float32Array(2), [1, 1, 2]), [])).toThrow(ShapeError);
    const wrong = [{ bias: view(new Float32Array(3), [3]), gradients }];
    expect(() => fullGrad(input, inputGradients, wrong)).toThrow(/expected bias \[2\]; received shape \[3\]/);
    const spoiled = view(Float32Array.of(1, Number.NaN, 0), [1, 1, 3]);
    expect(() => fullGrad(input, spoiled, [])).toThrow(NonFiniteError);
    expect(() => fullGrad(input, inputGradients, [], { variant: 'author' as never })).toThrow(OptionError);
  });
});

describe('explain(…, full-grad)', () => {
  const method = { name: 'full-grad' } as const;
  const shares = (biases: ScoreShares['biases']): Model => {
    const model = toyModel();
    const { forward } = model;
    return {
      ...model,
      forward: async (input, options) => {
        const pass = await forward(input, options);
        return {
          ...pass,
          scoreShares: async (cotangent) => ({ input: (await pass.scoreShares!(cotangent)).input, biases }),
        };
      },
    };
  };
  const ofSteps = [
    { of: 'layer', values: view(Float32Array.of(0, -1), [1, 1, 1, 2]) },
    { of: 'nonlinearity', values: view(Float32Array.of(3, 0), [1, 1, 1, 2]) },
    { of: 'layer', values: view(Float32Array.of(100), [1, 1]) },
  ] as const;
  // Class 0 of the toy: 4/16 of each positive pixel, so 1, ¾, ½, ¼ by row on the left, min-maxed over all.
  const ofInput = [1, 0.75, 0.5, 0.25].map((value) => [value, value, 0, 0]);

  it('explain(…, full-grad) is the input’s share at the size of the input', async () => {
    const { cam, record, status } = await explain(toyModel(), toyInput(), { method, normalize: 'none' });
    expectClose(cam, ofInput, { absolute: 2e-6 });
    expect([record.targetLayers, record.method.variant, status]).toEqual([[], 'paper', 'ok']);
  });

  it('explain(…, full-grad) adds what layers and steps add on maps, pytorch-grad-cam’s what layers add', async () => {
    const columns = [0, 1 / 3, 2 / 3, 1];
    const paper = await explain(shares(ofSteps), toyInput(), { method, normalize: 'none' });
    // [0, 1] and [1, 0], corners aligned: 1 in sum everywhere.
    expectClose(
      paper.cam,
      ofInput.map((row) => row.map((value) => value + 1)),
      { absolute: 1e-5 },
    );
    const peer = { name: 'full-grad', variant: 'pytorch-grad-cam' } as const;
    const { cam } = await explain(shares(ofSteps), toyInput(), { method: peer, normalize: 'none' });
    const halfPixels = columns.map((_, i) => Math.min(Math.max((i + 0.5) / 2 - 0.5, 0), 1));
    expectClose(
      cam,
      ofInput.map((row) => row.map((value, i) => value + halfPixels[i]!)),
      { absolute: 1e-5 },
    );
  });

  it('explain(…, full-grad) takes one pass, of which it asks for the shares', async () => {
    const model = toyModel();
    const asked: unknown[] = [];
    const { forward } = model;
    model.forward = (input, options) => {
      asked.push(options?.network);
      return forward(input, options);
    };
    await explainMany(model, toyInput(), [{ method }, { method, classIndex: 1 }, { method: 'grad-cam' }]);
    expect(asked).toEqual([['shares']]);
    expect(forwardCount(model, { method })).toBe(1);
  });

  it('explain(…, full-grad) is refused where the model has no shares, they are partial, or a layer is named', async () => {
    const without = { ...toyModel(), network: undefined };
    await expect(explain(without, toyInput(), { method })).rejects.toThrow(UnsupportedError);
    await expect(explain(without, toyInput(), { method })).rejects.toThrow(
      /run by toy.*ONNX file.*layer-cam/,
    );
    const parts = (blockedBy?: string, partialBy?: string) => ({
      ...toyModel(),
      network: { ...toyModel().network!, shares: { blockedBy, partialBy } },
    });
    await expect(explain(parts('op ArgMax'), toyInput(), { method })).rejects.toThrow(/none: op ArgMax\./);
    const partial = parts(undefined, 'what Softmax adds is not known');
    await expect(explain(partial, toyInput(), { method })).rejects.toThrow(/Softmax.*pytorch-grad-cam/);
    const peer = { name: 'full-grad', variant: 'pytorch-grad-cam' } as const;
    expect((await explain(partial, toyInput(), { method: peer })).status).toBe('ok');
    await expect(explain(toyModel(), toyInput(), { method, targetLayer: 'last' })).rejects.toThrow(
      /no target layer for full-grad, which looks at the whole network; received last/,
    );
  });
});
