import { OptionError } from '@hybridcam/core';
import {
  comparePaired,
  type FamilyComparison,
  judgeFamily,
  type MetricName,
  metricFacts,
  type PairedComparison,
} from '@hybridcam/metrics';
import { type Command, countValue, EXIT } from 'hybridcam/command-kit';
import { canonicalJson } from '../records/canonical-json.ts';
import { readRecords } from '../records/read-records.ts';
import type { MetricRecord } from '../records/record.ts';
import { readRun } from '../records/run-json.ts';
import { summaryTitle, usableValues } from '../summary/summarise.ts';
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
    'Pairs the runs image by image for every method, layer and metric they share, and says where B is better or worse than A, Holm-corrected over the rows of a metric. Protocols that differ in anything but the model and its runtime are refused: their numbers do not mean the same.',
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
  const [first, second] = [rowsOf(a), rowsOf(b)];
  const families = new Map<string, { title: string; result: PairedComparison }[]>();
  for (const [id, { family, title, metric, records }] of first) {
    const values = usableValues(records);
    const others = usableValues(second.get(id)?.records ?? []);
    const shared = [...values.keys()].filter((example) => others.has(example)).sort();
    if (shared.length === 0) continue;
    const result = comparePaired(
      shared.map((example) => others.get(example)!),
      shared.map((example) => values.get(example)!),
      {
        direction:
          metricFacts[metric].direction === 'lower-is-better' ? 'lower-is-better' : 'higher-is-better',
        seed,
      },
    );
    families.set(family, [...(families.get(family) ?? []), { title, result }]);
  }
  if (families.size === 0)
    throw new OptionError(
      'compare: expected images, methods and metrics that both runs have; they share none.',
    );
  const blocks = [...families].map(([family, members]) => {
    const judged = judgeFamily(members.map(({ result }) => result));
    const descriptive = metricFacts[family.split(' ')[0] as MetricName].direction === 'descriptive';
    const lines = members.map(
      ({ title }, i) => `  ${title}\n      ${differenceText(judged[i]!, descriptive)}`,
    );
    return `${family}\n${lines.join('\n')}`;
  });
  return `${blocks.join('\n\n')}\n`;
}

interface ComparedRow {
  readonly family: string;
  readonly title: string;
  readonly metric: MetricName;
  readonly records: MetricRecord[];
}

/** Rows by metric, preset, method and layer. */
function rowsOf(records: readonly MetricRecord[]): Map<string, ComparedRow> {
  const rows = new Map<string, ComparedRow>();
  for (const record of records) {
    const [family, title] = [`${record.metric} (${record.preset})`, summaryTitle(record)];
    const id = JSON.stringify([family, title]);
    const row = rows.get(id) ?? { family, title, metric: record.metric as MetricName, records: [] };
    row.records.push(record);
    rows.set(id, row);
  }
  return rows;
}

/** `B − A = 0.0130 [0.0110, 0.0150]  n = 200  p (Holm) = 0.0010  better` */
function differenceText(
  { interval, meanDifference, verdict, count, pHolm, tooFew, neededCount }: FamilyComparison,
  descriptive: boolean,
): string {
  const range = interval ? `[${short(interval.low)}, ${short(interval.high)}]` : '';
  const p = pHolm === undefined ? '' : `p (Holm) ${pHolm < 0.0005 ? '< .001' : `= ${short(pHolm)}`}  `;
  const undecided = tooFew ? `undecided: too few images, it takes ${neededCount}` : 'undecided';
  const word = descriptive ? '' : verdict === 'inconclusive' ? undecided : verdict;
  return `B − A = ${short(meanDifference)} ${range}  n = ${count}  ${p}${word}`.trimEnd();
}
