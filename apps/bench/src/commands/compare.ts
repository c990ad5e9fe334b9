import { OptionError } from '@hybridcam/core';
import { comparePaired, type MetricName, metricFacts } from '@hybridcam/metrics';
import { type Command, countValue, EXIT } from 'hybridcam/command-kit';
import { canonicalJson } from '../records/canonical-json.ts';
import type { MetricRecord } from '../records/record.ts';
import { readRecords, readRun } from '../records/run-folder.ts';
import { summaryTitle } from '../summary/summarise.ts';
import { short } from '../summary/summary-table.ts';

const compareFlags = {
  force: { help: 'Compare although the protocols differ in more than the model.' },
  seed: { value: 'S', help: 'Of the bootstrap. Default: 0.' },
} as const;

export const compareCommand: Command<typeof compareFlags> = {
  name: 'compare',
  usage: 'A B',
  summary: 'Two runs of the same images: what changed, with intervals.',
  description:
    'Pairs the runs image by image for every method, layer and metric they share, and says where B is better or worse than A. Protocols that differ in anything but the model are refused: their numbers do not mean the same.',
  flags: compareFlags,
  examples: ['hybridcam-bench compare run-fp32 run-int8'],
  async run(flags, folders, { stdout }) {
    if (folders.length !== 2)
      throw new OptionError(`compare: expected two run folders; received ${folders.length}.`);
    const [a, b] = await Promise.all(folders.map(readRun));
    const absent = folders.find((_, i) => ![a, b][i]);
    if (absent !== undefined)
      throw new OptionError(`compare: expected a run in "${absent}"; there is no run.json.`);
    const rules = [a!, b!].map(({ protocol }) => ({ ...protocol, model: null }));
    if (!flags.force && canonicalJson(rules[0]) !== canonicalJson(rules[1])) {
      const names = Object.keys(rules[0]!) as (keyof (typeof rules)[0])[];
      const differing = names.filter(
        (name) => canonicalJson(rules[0]![name]) !== canonicalJson(rules[1]![name]),
      );
      throw new OptionError(
        `compare: expected one protocol; the runs differ in ${differing.join(', ')}. Repeat one of them, or --force.`,
      );
    }
    const seed = flags.seed === undefined ? 0 : countValue('--seed', flags.seed, 0);
    stdout.write(comparison(await readRecords(folders[0]!), await readRecords(folders[1]!), seed));
    return EXIT.done;
  },
};

function comparison(a: readonly MetricRecord[], b: readonly MetricRecord[], seed: number): string {
  const rowOf = (record: MetricRecord) => `${record.metric} (${record.preset})\t${summaryTitle(record)}`;
  const group = (records: readonly MetricRecord[]) => {
    const rows = new Map<string, Map<string, number>>();
    for (const record of records) {
      if (record.value === null) continue;
      const row = rows.get(rowOf(record)) ?? new Map<string, number>();
      rows.set(rowOf(record), row.set(record.sha256, record.value));
    }
    return rows;
  };
  const [first, second] = [group(a), group(b)];
  const lines = [...first].flatMap(([row, values]) => {
    const others = second.get(row);
    const shared = [...values.keys()].filter((image) => others?.has(image)).sort();
    if (shared.length === 0) return [];
    const metric = row.split(' ')[0] as MetricName;
    const { direction } = metricFacts[metric];
    const result = comparePaired(
      shared.map((image) => others!.get(image)!),
      shared.map((image) => values.get(image)!),
      { direction: direction === 'lower-is-better' ? direction : 'higher-is-better', seed },
    );
    const { interval, meanDifference, verdict, count } = result;
    const word = direction === 'descriptive' ? '' : verdict === 'inconclusive' ? 'undecided' : verdict;
    const range = interval ? `[${short(interval.low)}, ${short(interval.high)}]` : '';
    return [
      `  ${row.replace('\t', '  ')}\n      B − A = ${short(meanDifference)} ${range}  n = ${count}  ${word}`.trimEnd(),
    ];
  });
  if (lines.length === 0)
    throw new OptionError(
      'compare: expected images, methods and metrics that both runs have; they share none.',
    );
  return `${lines.join('\n')}\n`;
}
