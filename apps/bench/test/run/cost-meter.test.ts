import { describe, expect, it } from 'vitest';
import type { CostRecord } from '../../src/records/cost-record.ts';
import { createCostMeter } from '../../src/run/cost-meter.ts';

describe('createCostMeter', () => {
  it('writes every half minute and the rest at the end; the lines add up', async () => {
    const lines: CostRecord[] = [];
    let clock = 0;
    let forwards = 0;
    const meter = createCostMeter(
      { addCost: async (cost) => void lines.push(cost) },
      () => forwards,
      8,
      () => clock,
    );
    for (let image = 1; image <= 10; image++) {
      clock += 7000;
      forwards += 30;
      meter.note(image);
    }
    // A kill here would have lost two images of the account.
    await Promise.resolve();
    expect(lines.map(({ images }) => images)).toEqual([5]);
    await meter.close();
    expect(lines.map(({ images, forwards: passes, seconds }) => [images, passes, seconds])).toEqual([
      [5, 150, 35],
      [5, 150, 35],
    ]);
  });

  it('writes nothing where nothing was spent', async () => {
    const lines: CostRecord[] = [];
    const meter = createCostMeter(
      { addCost: async (cost) => void lines.push(cost) },
      () => 0,
      8,
      () => 0,
    );
    await meter.close();
    expect(lines).toEqual([]);
  });
});
