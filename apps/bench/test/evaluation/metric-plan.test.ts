import { describe, expect, it } from 'vitest';
import {
  costOfPreset,
  curveProtocol,
  type MetricPlan,
  presetName,
} from '../../src/evaluation/metric-plan.ts';

const plan = (changes: Partial<MetricPlan>): MetricPlan => ({
  metrics: ['insertion'],
  curvePreset: 'rise',
  steps: undefined,
  baseline: undefined,
  ...changes,
});

describe('presetName and costOfPreset', () => {
  it.each([
    [{}, 'rise', 27],
    [{ curvePreset: 'rise-full' }, 'rise-full', 223],
    [{ curvePreset: 'torchcam', baseline: 'black' }, 'torchcam/black', 19],
    [{ steps: 7 }, 'rise/7 steps', 6],
    [{ steps: 112, baseline: 'zero' }, 'rise/112 steps/zero', 111],
  ] as const)('%j is %s and costs %d passes a curve', (changes, name, forwards) => {
    expect(presetName(plan(changes), 'insertion')).toBe(name);
    expect(costOfPreset('insertion', name).forwards).toBe(forwards);
    expect(costOfPreset('abpc', name).forwards).toBe(2 * forwards);
  });

  it('is the metric’s own where curves play no part', () => {
    expect(costOfPreset('road', presetName(plan({}), 'road')).forwards).toBe(18);
    expect(costOfPreset('energy', 'standard').forwards).toBe(0);
  });

  it('one baseline serves both curves of their difference', () => {
    const { insertionBaseline, deletionBaseline, grid } = curveProtocol(plan({ steps: 9 }), 'abpc');
    expect([insertionBaseline, deletionBaseline, grid]).toEqual(['zero', 'zero', { steps: 9 }]);
  });
});
