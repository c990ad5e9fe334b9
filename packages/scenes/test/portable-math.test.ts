import { describe, expect, it } from 'vitest';
import { clamp, cosineOfTurns, geometricMix, sineOfTurns } from '../src/portable-math.ts';

describe('portable mathematics', () => {
  it('sineOfTurns is exact at the quarter turns', () => {
    expect([0, 0.5, 1, -3].map(sineOfTurns).map(Math.abs)).toEqual([0, 0, 0, 0]);
    expect(sineOfTurns(0.25)).toBeCloseTo(1, 9);
    expect(cosineOfTurns(0.5)).toBeCloseTo(-1, 9);
  });

  it('sineOfTurns follows Math.sin within 1e-8 over many turns', () => {
    for (let turns = -3; turns < 3; turns += 0.00137) {
      expect(Math.abs(sineOfTurns(turns) - Math.sin(2 * Math.PI * turns))).toBeLessThan(1e-8);
    }
  });

  it('geometricMix walks the logarithmic scale', () => {
    expect(geometricMix(1, 16, 0.5)).toBeCloseTo(4, 9);
    expect(geometricMix(0.01, 0.25, 0.3)).toBeCloseTo(0.01 * 25 ** 0.3, 9);
    expect(geometricMix(2, 8, 0)).toBe(2);
    expect(geometricMix(0.05, 0.05, 0.7)).toBeCloseTo(0.05, 12);
  });

  it('clamp keeps to its ends', () => {
    expect([-1, 0.5, 2].map((value) => clamp(value, 0, 1))).toEqual([0, 0.5, 1]);
  });
});
