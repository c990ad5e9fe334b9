import { readdir } from 'node:fs/promises';
import { CamError, OptionError } from '@hybridcam/core';
import { makeFolder } from 'hybridcam/command-kit';
import { canonicalJson } from './canonical-json.ts';
import type { CostRecord } from './cost-record.ts';
import { type FolderLock, lockFolder } from './folder-lock.ts';
import { createKeySet, type Keys } from './key-set.ts';
import { openLineFiles } from './line-file.ts';
import { PICTURE_LIMIT, type PictureRecord } from './picture-record.ts';
import { curveLines, pictureLines, readRecordLines } from './read-records.ts';
import { type CurveRecord, type FailureRecord, type MetricRecord, RECORD_VERSION } from './record.ts';
import type { RunDescription } from './run-description.ts';
import { runFiles } from './run-files.ts';
import { noteStart, readRun, writeRun } from './run-json.ts';
import { type CurrentImage, createStaleIndex } from './stale-index.ts';

/** What one image adds: written together, curves and picture first, so that a record never lacks them. */
export interface ImageResult {
  readonly records: readonly MetricRecord[];
  readonly curves: readonly CurveRecord[];
  readonly failure?: FailureRecord;
  /** Of the folder's stale keys: records that no longer hold. */
  readonly withdrawn?: readonly string[];
  readonly picture?: PictureRecord;
}

/** An open RUN_DIR. Lines are only ever appended; a key that is there already is never written again. */
export interface RunFolder {
  readonly path: string;
  /** Keys of the records that exist, whoever wrote them. */
  readonly keys: Keys;
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
  const keys = createKeySet();
  const former = createStaleIndex();
  const { records: found, withdrawn: takenBack } = await readRecordLines(folder);
  for (const record of found.values()) {
    keys.add(record.key);
    former.add(record);
  }
  const orphans = new Set<string>();
  for await (const { key } of curveLines(folder)) if (!keys.has(key)) orphans.add(key);
  const pictured = new Set<string>();
  for await (const { key } of pictureLines(folder)) pictured.add(key);
  // Who was killed after taking records back may not have drawn the picture anew.
  for (const { sha256 } of takenBack.values()) pictured.delete(sha256);
  const { records, curves, failures, pictures, costs } = await openLineFiles(runFiles(folder));
  const write = async (results: readonly ImageResult[]): Promise<void> => {
    const withdrawn = results.flatMap((result) => result.withdrawn ?? []).filter((key) => keys.has(key));
    await records.append(withdrawn.map((key) => ({ v: RECORD_VERSION, key, withdrawn: true })));
    for (const key of withdrawn) {
      keys.delete(key);
      // What is said of the image may have changed: its picture is drawn again, and the last line counts.
      pictured.delete(former.sha256Of(key) ?? '');
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
    for (const key of fresh.keys()) keys.add(key);
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
