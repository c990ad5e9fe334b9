import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { CamError, OptionError } from '@hybridcam/core';
import { makeFolder, writeWholeFile } from 'hybridcam/command-kit';
import { canonicalJson } from './canonical-json.ts';
import type { CostRecord } from './cost-record.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { type LineFile, openLineFile, readLines } from './json-lines.ts';
import type { Judgement } from './judgement.ts';
import { PICTURE_LIMIT, type PictureRecord } from './picture-record.ts';
import {
  type CurveRecord,
  type FailureRecord,
  type MetricRecord,
  RECORD_VERSION,
  type Withdrawal,
} from './record.ts';
import type { RunDescription } from './run-description.ts';
import { type CurrentImage, createStaleIndex } from './stale-index.ts';

/** What one image adds: written together, curves and picture first, so that a record never lacks them. */
export interface ImageResult {
  readonly records: readonly MetricRecord[];
  readonly curves: readonly CurveRecord[];
  readonly failure?: FailureRecord;
  /** Keys of records that no longer hold. */
  readonly withdrawn?: readonly string[];
  readonly picture?: PictureRecord;
}

/** An open RUN_DIR. Lines are only ever appended; a key that is there already is never written again. */
export interface RunFolder {
  readonly path: string;
  /** Keys of the records that exist, whoever wrote them. */
  readonly keys: ReadonlySet<string>;
  /** Whether there is room for the picture of another image. */
  readonly keepsPictures: boolean;
  /** Keys of records that were there when the folder was opened, of an image of that name but of other bytes or another truth. */
  staleKeys(image: CurrentImage): string[];
  /** Keys that an image of this start counts on, so that no other takes them back. */
  keepKeys(keys: Iterable<string>): void;
  /** Appends what is new of one image or of several: one write and one flush per file, after those asked for before. */
  add(...results: readonly ImageResult[]): Promise<void>;
  addCost(cost: CostRecord): Promise<void>;
  close(): Promise<void>;
}

/**
 * Opens a run for writing: new, or an interrupted one with `resume`.
 * @throws OptionError when the folder holds another run, or this one and `resume` was not asked for, or another process writes there;
 * CamError IO
 */
export async function openRunFolder(
  folder: string,
  run: RunDescription,
  resume: boolean,
): Promise<RunFolder> {
  try {
    await makeFolder(folder);
  } catch (cause) {
    throw new CamError('IO', `bench: cannot make the folder ${folder}: ${(cause as Error).message}.`, {
      cause,
    });
  }
  const existing = await readRun(folder);
  if (existing && existing.protocolHash !== run.protocolHash) {
    const [ours, theirs] = [
      Object.entries(run.protocol),
      new Map<string, unknown>(Object.entries(existing.protocol)),
    ];
    const differing = ours
      .filter(([name, value]) => canonicalJson(value) !== canonicalJson(theirs.get(name)))
      .map(([name]) => name);
    throw new OptionError(
      `run: ${folder} holds a run with another protocol (differs in: ${differing.join(', ') || (existing.runtime === run.runtime ? 'version' : 'runtime')}). Use another --out.`,
    );
  }
  if (existing && !resume) {
    throw new OptionError(
      `run: ${folder} holds this run already. Continue it with --resume, or use another --out.`,
    );
  }
  const lock = await lockFolder(folder);
  try {
    return await openLocked(folder, run, existing, lock);
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function openLocked(
  folder: string,
  run: RunDescription,
  existing: RunDescription | undefined,
  lock: FolderLock,
): Promise<RunFolder> {
  if (!existing) {
    if ((await readdir(folder)).some((name) => name.endsWith('.jsonl'))) {
      throw new OptionError(`run: ${folder} holds records but no run.json. Use another --out.`);
    }
    await writeRun(folder, run);
  } else {
    await noteStart(folder, existing, run);
  }
  const keys = new Set<string>();
  const imageOf = new Map<string, string>();
  const former = createStaleIndex();
  const { records: found, withdrawn: takenBack } = await readRecordLines(folder);
  for (const record of found.values()) {
    keys.add(record.key);
    imageOf.set(record.key, record.sha256);
    former.add(record);
  }
  const orphans = new Set<string>();
  for await (const { key } of readLines<CurveRecord>(curvesFile(folder)))
    if (!keys.has(key)) orphans.add(key);
  const pictured = new Set<string>();
  for await (const { key } of readLines<PictureRecord>(picturesFile(folder))) pictured.add(key);
  // Who was killed after taking records back may not have drawn the picture anew.
  for (const { sha256 } of takenBack.values()) pictured.delete(sha256);
  const [records, curves, failures, pictures, costs] = (await Promise.all(
    [
      recordsFile(folder),
      curvesFile(folder),
      failuresFile(folder),
      picturesFile(folder),
      costsFile(folder),
    ].map(openLineFile),
  )) as [LineFile, LineFile, LineFile, LineFile, LineFile];
  const write = async (results: readonly ImageResult[]): Promise<void> => {
    const withdrawn = results.flatMap((result) => result.withdrawn ?? []).filter((key) => keys.has(key));
    await records.append(withdrawn.map((key) => ({ v: RECORD_VERSION, key, withdrawn: true })));
    for (const key of withdrawn) {
      keys.delete(key);
      // What is said of the image may have changed: its picture is drawn again, and the last line counts.
      pictured.delete(imageOf.get(key) ?? '');
    }
    const fresh = new Map<string, MetricRecord>();
    for (const record of results.flatMap(({ records: own }) => own))
      if (!keys.has(record.key)) fresh.set(record.key, record);
    const drawn = results.flatMap(({ picture }) => (picture && !pictured.has(picture.key) ? [picture] : []));
    // Records last: whoever is killed before them makes the image again and finds its curves and picture there.
    await curves.append(
      results.flatMap(({ curves: own }) => own.filter(({ key }) => fresh.has(key) && !orphans.delete(key))),
    );
    await pictures.append(drawn);
    for (const { key } of drawn) pictured.add(key);
    await records.append([...fresh.values()]);
    for (const { key, sha256 } of fresh.values()) {
      keys.add(key);
      imageOf.set(key, sha256);
    }
    await failures.append(results.flatMap(({ failure }) => (failure ? [failure] : [])));
  };
  let added: Promise<void> = Promise.resolve();
  return {
    path: folder,
    keys,
    get keepsPictures() {
      return pictured.size < PICTURE_LIMIT;
    },
    staleKeys: former.staleKeys,
    keepKeys: former.keep,
    add(...results) {
      const adding = added.then(() => write(results));
      // Whoever asked for it meets its failure; the next one meets its own.
      added = adding.catch(() => {});
      return adding;
    },
    addCost: (cost) => costs.append([cost]),
    async close() {
      await added;
      await Promise.all([records, curves, failures, pictures, costs].map((file) => file.close()));
      await lock.release();
    },
  };
}

/** run.json of a folder; undefined where there is none. @throws CamError INTEGRITY when it is not a run of ours */
export async function readRun(folder: string): Promise<RunDescription | undefined> {
  let text: string;
  try {
    text = await readFile(path.join(folder, 'run.json'), 'utf8');
  } catch {
    return undefined;
  }
  try {
    const run = JSON.parse(text) as RunDescription;
    if (typeof run.protocolHash === 'string') return run;
  } catch (cause) {
    throw new CamError('INTEGRITY', `bench: ${folder}/run.json is not JSON.`, { cause });
  }
  throw new CamError('INTEGRITY', `bench: ${folder}/run.json is not a run of hybridcam-bench.`);
}

/** Notes in run.json how the run is judged from now on; a notebook's claims stay until they are measured again. */
export async function noteJudgement(folder: string, judgement: Judgement): Promise<void> {
  const run = await readRun(folder);
  if (run) await rewriteRun(folder, run, { ...run, judgement: judgedAnew(run, judgement) });
}

/** Notes in run.json what a resumed run was asked for and how it names things, so that reporting again says the same. */
async function noteStart(folder: string, before: RunDescription, run: RunDescription): Promise<void> {
  // Of the same protocol as `before`, but another process may have noted something since.
  const existing = (await readRun(folder)) ?? before;
  const batchSize = existing.batchSize ?? run.batchSize;
  await rewriteRun(folder, existing, {
    ...run,
    judgement: judgedAnew(existing, run.judgement ?? {}),
    // What was measured first is what every start computes with unless told otherwise.
    ...(batchSize === undefined ? {} : { batchSize }),
  });
}

function judgedAnew(run: RunDescription, judgement: Judgement): Judgement {
  const notebook = judgement.notebook ?? run.judgement?.notebook;
  return { ...judgement, ...(notebook ? { notebook } : {}) };
}

async function rewriteRun(folder: string, existing: RunDescription, run: RunDescription): Promise<void> {
  if (canonicalJson(run) !== canonicalJson(existing)) await writeRun(folder, run);
}

function writeRun(folder: string, run: RunDescription): Promise<void> {
  return writeWholeFile(path.join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
}

/** All records of a folder, one per key, in the order of `compareRecords`: the same however the run was cut up. */
export async function readRecords(folder: string): Promise<MetricRecord[]> {
  return [...(await readRecordLines(folder)).records.values()].sort(compareRecords);
}

/** What holds of a folder, the last line of each key, and what was taken back and not written again. */
async function readRecordLines(folder: string) {
  const records = new Map<string, MetricRecord>();
  const withdrawn = new Map<string, MetricRecord>();
  for await (const line of readLines<MetricRecord | Withdrawal>(recordsFile(folder))) {
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
  for await (const curve of readLines<CurveRecord>(curvesFile(folder))) byKey.set(curve.key, curve);
  return byKey;
}

export async function readPictures(folder: string): Promise<Map<string, PictureRecord>> {
  const byKey = new Map<string, PictureRecord>();
  for await (const picture of readLines<PictureRecord>(picturesFile(folder))) byKey.set(picture.key, picture);
  return byKey;
}

/** What every start of the run spent, stretch by stretch in order. */
export async function readCosts(folder: string): Promise<CostRecord[]> {
  const costs: CostRecord[] = [];
  for await (const cost of readLines<CostRecord>(costsFile(folder))) costs.push(cost);
  return costs;
}

/** Failures of images that have no record by now: a retry that succeeded takes its failure back. */
export async function readFailures(
  folder: string,
  records: readonly MetricRecord[],
): Promise<FailureRecord[]> {
  const evaluated = new Set(records.map(({ image }) => image));
  const byKey = new Map<string, FailureRecord>();
  for await (const failure of readLines<FailureRecord>(failuresFile(folder))) {
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

const recordsFile = (folder: string) => path.join(folder, 'records.jsonl');
const curvesFile = (folder: string) => path.join(folder, 'curves.jsonl');
const failuresFile = (folder: string) => path.join(folder, 'failures.jsonl');
const picturesFile = (folder: string) => path.join(folder, 'pictures.jsonl');
const costsFile = (folder: string) => path.join(folder, 'costs.jsonl');
