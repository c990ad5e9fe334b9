import path from 'node:path';
import { writeWholeFile } from 'hybridcam/command-kit';
import type { Claim } from '../claims/claim.ts';
import { claimsSection } from '../claims/claims-table.ts';
import { notebookClaims } from '../claims/notebook-claims.ts';
import type { Judgement } from '../records/judgement.ts';
import { readCosts, readCurves, readFailures, readPictures, readRecords } from '../records/read-records.ts';
import type { MetricRecord } from '../records/record.ts';
import type { RunDescription } from '../records/run-description.ts';
import { type HeldOut, holdOut } from '../summary/hold-out.ts';
import { type SummaryRow, summarise } from '../summary/summarise.ts';
import { summaryCsv } from '../summary/summary-csv.ts';
import { tuningCaveats } from './caveats.ts';
import { reportPage } from './report-page.ts';

export interface WrittenReport {
  readonly rows: readonly SummaryRow[];
  readonly records: readonly MetricRecord[];
  /** What a hold-out half chose, or what was chosen on the images that are judged; sentences. */
  readonly notes: readonly string[];
  /** The notebook's, where the run reproduces it. */
  readonly claims: readonly Claim[];
}

/** Writes summary.csv and report.html from everything in `folders` (shards of one run) into the first of them. */
export async function writeReport(
  folders: readonly string[],
  run: RunDescription,
  judgement: Judgement,
  seed: number,
): Promise<WrittenReport> {
  const merged = await mergeFolders(folders);
  const { reference, holdout, notebook } = judgement;
  const named = { reference, layers: run.request.layers };
  const { records, choices, isHeldOut }: HeldOut = holdout
    ? holdOut(merged.records, holdout, named)
    : { records: merged.records, choices: [], isHeldOut: false };
  const rows = summarise(records, { ...named, seed });
  const claims = notebook ? notebookClaims(records, notebook, { layer: run.request.layers[0], seed }) : [];
  const notes = [...choices, ...(isHeldOut ? [] : tuningCaveats(rows))];
  const target = folders[0]!;
  await writeWholeFile(path.join(target, 'summary.csv'), summaryCsv(rows));
  const page = await reportPage({
    run,
    rows,
    ...merged,
    records,
    notes,
    ...(notebook ? { lead: claimsSection(claims), title: "The notebook's claims, tested" } : {}),
  });
  await writeWholeFile(path.join(target, 'report.html'), page);
  return { rows, records, notes, claims };
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
