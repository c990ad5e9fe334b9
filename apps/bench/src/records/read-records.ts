import type { CostRecord } from './cost-record.ts';
import { readLines } from './json-lines.ts';
import type { PictureRecord } from './picture-record.ts';
import type { CurveRecord, FailureRecord, MetricRecord, Withdrawal } from './record.ts';
import { runFiles } from './run-files.ts';

/** All records of a folder, one per key, in the order of `compareRecords`: the same however the run was cut up. */
export async function readRecords(folder: string): Promise<MetricRecord[]> {
  return [...(await readRecordLines(folder)).records.values()].sort(compareRecords);
}

/** What holds of a folder, the last line of each key, and what was taken back and not written again. */
export async function readRecordLines(folder: string) {
  const records = new Map<string, MetricRecord>();
  const withdrawn = new Map<string, MetricRecord>();
  for await (const line of readLines<MetricRecord | Withdrawal>(runFiles(folder).records)) {
    const { key } = line;
    if (!('withdrawn' in line)) {
      records.set(key, line);
      withdrawn.delete(key);
      continue;
    }
    const record = records.get(key);
    if (record) withdrawn.set(key, record);
    records.delete(key);
  }
  return { records, withdrawn };
}

export async function readCurves(folder: string): Promise<Map<string, CurveRecord>> {
  const byKey = new Map<string, CurveRecord>();
  for await (const curve of readLines<CurveRecord>(runFiles(folder).curves)) byKey.set(curve.key, curve);
  return byKey;
}

export async function readPictures(folder: string): Promise<Map<string, PictureRecord>> {
  const byKey = new Map<string, PictureRecord>();
  for await (const picture of readLines<PictureRecord>(runFiles(folder).pictures))
    byKey.set(picture.key, picture);
  return byKey;
}

/** What every start of the run spent, stretch by stretch in order. */
export async function readCosts(folder: string): Promise<CostRecord[]> {
  const costs: CostRecord[] = [];
  for await (const cost of readLines<CostRecord>(runFiles(folder).costs)) costs.push(cost);
  return costs;
}

/** Failures of images that have no record by now: a retry that succeeded takes its failure back. */
export async function readFailures(
  folder: string,
  records: readonly MetricRecord[],
): Promise<FailureRecord[]> {
  const evaluated = new Set(records.map(({ image }) => image));
  const byKey = new Map<string, FailureRecord>();
  for await (const failure of readLines<FailureRecord>(runFiles(folder).failures)) {
    if (!evaluated.has(failure.image)) byKey.set(failure.key, failure);
  }
  return [...byKey.values()].sort((a, b) => (a.image < b.image ? -1 : 1));
}

function compareRecords(a: MetricRecord, b: MetricRecord): number {
  return (
    order(a.image, b.image) || order(a.sha256, b.sha256) || order(a.method, b.method) || order(a.key, b.key)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
