import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CamError } from '@hybridcam/core';
import { writeWholeFile } from 'hybridcam/command-kit';
import { canonicalJson } from './canonical-json.ts';
import { firstIssue } from './first-issue.ts';
import type { Judgement } from './judgement.ts';
import type { RunDescription } from './run-description.ts';
import { runSchema } from './run-schema.ts';

/**
 * run.json of a folder; undefined where there is none.
 * @throws CamError IO when it cannot be read, INTEGRITY when it is not a run of ours
 */
export async function readRun(folder: string): Promise<RunDescription | undefined> {
  const file = path.join(folder, 'run.json');
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw new CamError('IO', `bench: cannot read ${file}: ${message}.`, { cause });
  }
  let run: unknown;
  try {
    run = JSON.parse(text);
  } catch (cause) {
    throw new CamError('INTEGRITY', `bench: ${file} is not JSON.`, { cause });
  }
  const { error } = runSchema.safeParse(run);
  if (!error) return run as RunDescription;
  throw new CamError(
    'INTEGRITY',
    `bench: ${file} is not a run of this hybridcam-bench: ${firstIssue(error, run)}. Use another --out, or the version that wrote it.`,
  );
}

/** Notes in run.json how the run is judged from now on; a notebook's claims stay until they are measured again. */
export async function noteJudgement(folder: string, judgement: Judgement): Promise<void> {
  const run = await readRun(folder);
  if (run) await rewriteRun(folder, run, { ...run, judgement: judgedAnew(run, judgement) });
}

/** Notes in run.json what a resumed run was asked for and how it names things, so that reporting again says the same. */
export async function noteStart(folder: string, before: RunDescription, run: RunDescription): Promise<void> {
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

/** Writes run.json whole or not at all. */
export function writeRun(folder: string, run: RunDescription): Promise<void> {
  return writeWholeFile(path.join(folder, 'run.json'), `${JSON.stringify(run, null, 2)}\n`);
}
