import type { AbortReport } from '@hybridcam/test-utils';
import { expect } from 'vitest';

/**
 * An operation looked at its signal to its end: only where nothing was left to wait for may it end as if nothing had happened, which is at
 * most at the last `tail` of its awaits.
 */
export function expectRefusedEverywhere({ awaits, tried, refused, late }: AbortReport, tail = 2): void {
  expect(refused).toBeGreaterThan(3);
  expect(refused + late.length).toBe(tried);
  expect({ awaits, late: late.filter((left) => left >= tail) }).toEqual({ awaits, late: [] });
}
