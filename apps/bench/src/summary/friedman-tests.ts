import { type FriedmanTest, friedman } from '@hybridcam/metrics';
import { isControl } from '../evaluation/method-row.ts';
import type { MetricRecord } from '../records/record.ts';
import { usableValues } from './summarise.ts';

export interface MethodsDiffer extends FriedmanTest {
  readonly images: number;
  readonly methods: number;
}

/**
 * For each `metric|preset`: do the methods differ at all? Asked of the images for which every method has a value; controls are left out,
 * since they differ by design.
 */
export function friedmanTests(records: readonly MetricRecord[]): Map<string, MethodsDiffer> {
  const families = new Map<string, Map<string, MetricRecord[]>>();
  for (const record of records) {
    if (isControl(record.method)) continue;
    const family = `${record.metric}|${record.preset}`;
    const rows = families.get(family) ?? new Map<string, MetricRecord[]>();
    const row = JSON.stringify([record.method, record.params, record.layer]);
    const group = rows.get(row) ?? [];
    group.push(record);
    families.set(family, rows.set(row, group));
  }
  const tests = new Map<string, MethodsDiffer>();
  for (const [family, rows] of families) {
    const values = [...rows.values()].map(usableValues).filter(({ size }) => size > 0);
    const shared = [...(values[0]?.keys() ?? [])].filter((image) => values.every((row) => row.has(image)));
    const test = friedman(shared.sort().map((image) => values.map((row) => row.get(image)!)));
    if (test) tests.set(family, { ...test, images: shared.length, methods: values.length });
  }
  return tests;
}
