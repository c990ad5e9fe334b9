import { describe, expect, it } from 'vitest';
import { modelOptions, tokensValue } from '../../src/cli/model-flags.ts';
import { planCache } from '../../src/cli/plan-cache.ts';

describe('tokensValue', () => {
  it('takes the tokens before the map, its places, or both', () => {
    expect(tokensValue('1+14x14')).toEqual({ prefix: 1, grid: [14, 14] });
    expect(tokensValue('16x8')).toEqual({ grid: [16, 8] });
    expect(tokensValue('5')).toEqual({ prefix: 5 });
    expect(tokensValue('0+7×7')).toEqual({ prefix: 0, grid: [7, 7] });
    for (const bad of ['', '+', '1+', '+14x14', '1+14', '14x', '1 14x14', 'cls']) {
      expect(() => tokensValue(bad), bad).toThrow(/^--tokens: expected/);
    }
  });
});

describe('modelOptions', () => {
  it('passes on what was given and nothing else', () => {
    expect(modelOptions({ output: 'logits', tokens: '1+4x4' })).toEqual({
      runtime: undefined,
      device: undefined,
      weights: undefined,
      offline: undefined,
      output: 'logits',
      tokens: { prefix: 1, grid: [4, 4] },
      plans: planCache,
    });
    expect(() => modelOptions({ runtime: 'torch' })).toThrow(/onnx/);
  });
});
