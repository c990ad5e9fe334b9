import { OptionError } from '@hybridcam/core';
import { type Command, countValue, EXIT } from 'hybridcam/command-kit';
import type { RunDescription } from '../records/run-description.ts';
import { readRecords, readRun } from '../records/run-folder.ts';
import { trustText } from '../report/trust-section.ts';
import { writeReport } from '../report/write-report.ts';
import { assertReference } from '../summary/assert-reference.ts';
import { metaEvaluation } from '../summary/meta-evaluation.ts';
import { summaryTable } from '../summary/summary-table.ts';

const reportFlags = {
  reference: { value: 'ROW', help: 'The row compared against. Default: grad-cam, else the first row.' },
  seed: { value: 'S', help: 'Of the bootstrap. Default: 0.' },
  quiet: { short: 'q', help: 'No table.' },
} as const;

export const reportCommand: Command<typeof reportFlags> = {
  name: 'report',
  usage: 'DIR…',
  summary: 'Summary and report of a run, or of its shards together.',
  description:
    'Reads the records of one or more folders of the same protocol, keeps one line per key, and writes summary.csv and report.html into the first folder.',
  flags: reportFlags,
  examples: ['hybridcam-bench report shard-1 shard-2 shard-3'],
  async run(flags, folders, { stdout }) {
    const run = await commonRun('report', folders);
    const seed = flags.seed === undefined ? run.protocol.seed : countValue('--seed', flags.seed, 0);
    assertReference(flags.reference, (await Promise.all(folders.map(readRecords))).flat());
    const { rows, records } = await writeReport(folders, run, { reference: flags.reference, seed });
    const trust = trustText(metaEvaluation(records, 'energy', seed));
    if (!flags.quiet) stdout.write(`${summaryTable(rows)}\n${trust === '' ? '' : `${trust}\n`}`);
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
