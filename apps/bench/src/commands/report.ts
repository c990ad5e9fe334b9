import { OptionError } from '@hybridcam/core';
import { type Command, countValue, EXIT } from 'hybridcam/command-kit';
import { canonicalJson } from '../records/canonical-json.ts';
import type { Judgement, MethodTimes } from '../records/judgement.ts';
import { readRecords } from '../records/read-records.ts';
import type { RunDescription } from '../records/run-description.ts';
import { readRun } from '../records/run-json.ts';
import { reportText } from '../report/report-text.ts';
import { writeReport } from '../report/write-report.ts';
import { assertReference } from '../summary/assert-reference.ts';

const reportFlags = {
  reference: {
    value: 'ROW',
    help: "The row compared against. Default: the run's own, else grad-cam, else the first row.",
  },
  seed: { value: 'S', help: 'Of the bootstrap. Default: 0.' },
  quiet: { short: 'q', help: 'No table.' },
} as const;

export const reportCommand: Command<typeof reportFlags> = {
  name: 'report',
  usage: 'DIR…',
  summary: 'Summary and report of a run, or of its shards together.',
  description:
    'Reads the records of one or more folders of the same protocol, keeps one line per key, and writes summary.csv and report.html into the first folder. Reference, hold-out and the claims of a reproduction are those of the run.',
  flags: reportFlags,
  examples: ['hybridcam-bench report shard-1 shard-2 shard-3'],
  async run(flags, folders, { stdout }) {
    const run = await commonRun('report', folders);
    const seed = flags.seed === undefined ? run.protocol.seed : countValue('--seed', flags.seed, 0);
    assertReference(flags.reference, (await Promise.all(folders.map(readRecords))).flat());
    const judgement = await commonJudgement(folders, flags.reference);
    const report = await writeReport(folders, run, judgement, seed);
    if (!flags.quiet) stdout.write(reportText(report, seed));
    stdout.write(`${folders[0]}/report.html\n`);
    return EXIT.done;
  },
};

/** @throws OptionError unless every folder holds a run, all of one protocol */
export async function commonRun(command: string, folders: readonly string[]): Promise<RunDescription> {
  if (folders.length === 0) throw new OptionError(`${command}: expected run folders; received none.`);
  const runs = await Promise.all(
    folders.map(async (folder) => {
      const run = await readRun(folder);
      if (!run) throw new OptionError(`${command}: expected a run in "${folder}"; there is no run.json.`);
      return run;
    }),
  );
  const other = runs.findIndex((run) => run.protocolHash !== runs[0]!.protocolHash);
  if (other > 0) {
    throw new OptionError(
      `${command}: expected shards of one run; "${folders[other]}" has another protocol than "${folders[0]}".`,
    );
  }
  return runs[0]!;
}

/**
 * How shards of one run are judged: as each of them says, and times of all.
 * @throws OptionError when they say different things
 */
async function commonJudgement(
  folders: readonly string[],
  reference: string | undefined,
): Promise<Judgement> {
  const judgements = await Promise.all(
    folders.map(async (folder) => (await readRun(folder))?.judgement ?? {}),
  );
  const rules = judgements.map(({ notebook: _notebook, ...rule }) =>
    reference === undefined ? rule : { ...rule, reference },
  );
  const other = rules.findIndex((rule) => canonicalJson(rule) !== canonicalJson(rules[0]));
  if (other > 0) {
    throw new OptionError(
      `report: expected shards judged alike; "${folders[other]}" was run with another --reference or --holdout than "${folders[0]}". Resume one of them with the flags of the other.`,
    );
  }
  const times = judgements.flatMap(({ notebook }) => notebook ?? []);
  const all = (name: keyof MethodTimes) => times.flatMap((part) => part[name]);
  return {
    ...rules[0],
    ...(times.length > 0
      ? { notebook: { gradCam: all('gradCam'), layerCam: all('layerCam'), hybrid: all('hybrid') } }
      : {}),
  };
}
