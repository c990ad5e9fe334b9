import path from 'node:path';
import type { MetricName } from '@hybridcam/metrics';
import { writeWholeFile } from 'hybridcam/command-kit';
import type { MetricRecord } from '../records/record.ts';
import type { RunDescription } from '../records/run-description.ts';
import { readCosts, readCurves, readFailures, readPictures, readRecords } from '../records/run-folder.ts';
import { type HeldOut, holdOut } from '../summary/hold-out.ts';
import { type SummaryOptions, type SummaryRow, summarise } from '../summary/summarise.ts';
import { summaryCsv } from '../summary/summary-csv.ts';
import type { Html } from './html.ts';
import { reportPage } from './report-page.ts';

export interface ReportOptions extends SummaryOptions {
  /** Choose alpha on one half of the images by this metric and judge it on the other. */
  readonly holdout?: MetricName | undefined;
  /** A section before the verdicts, made from the records that are reported. */
  readonly lead?: (records: readonly MetricRecord[]) => Html;
  readonly title?: string;
}

export interface WrittenReport {
  readonly rows: readonly SummaryRow[];
  readonly records: readonly MetricRecord[];
  /** What `holdout` chose. */
  readonly choices: readonly string[];
}

/** Writes summary.csv and report.html from everything in `folders` (shards of one run) into the first of them. */
export async function writeReport(
  folders: readonly string[],
  run: RunDescription,
  options: ReportOptions = {},
): Promise<WrittenReport> {
  const { holdout, lead, title, ...summary } = options;
  const merged = await mergeFolders(folders);
  const { records, choices }: HeldOut = holdout
    ? holdOut(merged.records, holdout)
    : { records: merged.records, choices: [] };
  const rows = summarise(records, { ...summary, layers: run.request.layers });
  const target = folders[0]!;
  await writeWholeFile(path.join(target, 'summary.csv'), summaryCsv(rows));
  const page = await reportPage({
    run,
    rows,
    ...merged,
    records,
    choices,
    ...(lead ? { lead: lead(records) } : {}),
    ...(title ? { title } : {}),
  });
  await writeWholeFile(path.join(target, 'report.html'), page);
  return { rows, records, choices };
}

async function mergeFolders(folders: readonly string[]) {
  const parts = await Promise.all(folders.map(readRecords));
  const byKey = new Map(parts.flat().map((record) => [record.key, record]));
  const records = [...byKey.values()].sort((a, b) =>
    a.image < b.image ? -1 : a.image > b.image ? 1 : a.key < b.key ? -1 : 1,
  );
  const curves = new Map((await Promise.all(folders.map(readCurves))).flatMap((map) => [...map]));
  const pictures = new Map((await Promise.all(folders.map(readPictures))).flatMap((map) => [...map]));
  const failures = (await Promise.all(folders.map((folder) => readFailures(folder, records)))).flat();
  const costs = (await Promise.all(folders.map(readCosts))).flat();
  return { records, curves, pictures, failures, costs };
}
