import { checkedLines } from './checked-lines.ts';
import type { CostRecord } from './cost-record.ts';
import type { PictureRecord } from './picture-record.ts';
import type { CurveRecord, FailureRecord, MetricRecord, Withdrawal } from './record.ts';
import {
  costLine,
  curveLine,
  failureLine,
  pictureLine,
  recordLine,
  withdrawalLine,
} from './record-schemas.ts';
import { runFiles } from './run-files.ts';

/** All records of a folder, one per key, in the order of `compareRecords`: the same however the run was cut up. */
export async function readRecords(folder: string): Promise<MetricRecord[]> {
  return [...(await readRecordLines(folder)).records.values()].sort(compareRecords);
}

/** What holds of a folder, the last line of each key, and what was taken back and not written again. */
export async function readRecordLines(folder: string) {
  const records = new Map<string, MetricRecord>();
  const withdrawn = new Map<string, MetricRecord>();
  const lines = checkedLines<MetricRecord | Withdrawal>(runFiles(folder).records, (line) =>
    'withdrawn' in line ? withdrawalLine : recordLine,
  );
  for await (const line of lines) {
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

export const curveLines = (folder: string): AsyncIterable<CurveRecord> =>
  checkedLines(runFiles(folder).curves, () => curveLine);

export const pictureLines = (folder: string): AsyncIterable<PictureRecord> =>
  checkedLines(runFiles(folder).pictures, () => pictureLine);

export const readCurves = (folder: string): Promise<Map<string, CurveRecord>> => byKey(curveLines(folder));

export const readPictures = (folder: string): Promise<Map<string, PictureRecord>> =>
  byKey(pictureLines(folder));

/** The last line of each key. */
async function byKey<T extends { readonly key: string }>(lines: AsyncIterable<T>): Promise<Map<string, T>> {
  const found = new Map<string, T>();
  for await (const line of lines) found.set(line.key, line);
  return found;
}

/** What every start of the run spent, stretch by stretch in order. */
export async function readCosts(folder: string): Promise<CostRecord[]> {
  const costs: CostRecord[] = [];
  for await (const cost of checkedLines(runFiles(folder).costs, () => costLine)) costs.push(cost);
  return costs;
}

/** Failures of images that have no record by now: a retry that succeeded takes its failure back. */
export async function readFailures(
  folder: string,
  records: readonly MetricRecord[],
): Promise<FailureRecord[]> {
  const evaluated = new Set(records.map(({ image }) => image));
  const failures = await byKey(checkedLines(runFiles(folder).failures, () => failureLine));
  return [...failures.values()]
    .filter(({ image }) => !evaluated.has(image))
    .sort((a, b) => (a.image < b.image ? -1 : 1));
}

function compareRecords(a: MetricRecord, b: MetricRecord): number {
  return (
    order(a.image, b.image) || order(a.sha256, b.sha256) || order(a.method, b.method) || order(a.key, b.key)
  );
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
