import type { MetricRecord } from '../records/record.ts';
import { type SummaryRow, summarise } from '../summary/summarise.ts';
import { short } from '../summary/summary-table.ts';

/** One sentence of the reference notebook, what tests it, and how it fares on these images. */
export interface Claim {
  readonly sentence: string;
  readonly protocol: string;
  readonly count: number;
  /** Mean difference and its 95 % interval, or what was found, in words. */
  readonly finding: string;
  readonly verdict: 'holds' | 'fails' | 'undecided';
  /** Images that would decide, where these do not. */
  readonly needed: number | undefined;
}

/** The time of one explanation by each method, in milliseconds, one entry per image. */
export interface ClaimTimes {
  readonly gradCam: readonly number[];
  readonly layerCam: readonly number[];
  readonly hybrid: readonly number[];
}

const HYBRID = 'hybrid α0.7';

/** Every sentence of the notebook that asserts something, judged on records of `reproduce notebook`. */
export function notebookClaims(records: readonly MetricRecord[], times: ClaimTimes, seed: number): Claim[] {
  return [
    difference(
      records,
      seed,
      'insertion',
      HYBRID,
      'grad-cam',
      'Hybrid (α = 0.7) has a better insertion AUC than Grad-CAM',
      1,
    ),
    difference(
      records,
      seed,
      'insertion',
      'grad-cam',
      'layer-cam',
      'Grad-CAM has a better insertion AUC than LayerCAM',
      1,
    ),
    difference(
      records,
      seed,
      'boundary-f-score',
      HYBRID,
      'grad-cam',
      'Hybrid has sharper boundaries than Grad-CAM',
      1,
    ),
    difference(
      records,
      seed,
      'boundary-f-score',
      HYBRID,
      'layer-cam',
      'Hybrid has sharper boundaries than LayerCAM',
      1,
    ),
    difference(records, seed, 'entropy', 'hybrid α0', 'hybrid α1', 'α = 0 is diffuse compared with α = 1', 1),
    difference(
      records,
      seed,
      'sparseness',
      'hybrid α1',
      'hybrid α0',
      'α = 1 is concentrated compared with α = 0',
      1,
    ),
    optimum(records, seed),
    sameCost(times),
  ];
}

/** Does `candidate` exceed `reference`? A difference inside the equivalence region does not count as exceeding. */
function difference(
  records: readonly MetricRecord[],
  seed: number,
  metric: SummaryRow['metric'],
  candidate: string,
  reference: string,
  sentence: string,
  sign: 1 | -1,
): Claim {
  const row = pairedRow(records, seed, metric, candidate, reference);
  const protocol = `${metric}${row ? ` (${row.preset})` : ''}, ${candidate} against ${reference}`;
  const comparison = row?.comparison;
  if (!row || !comparison?.interval) {
    return {
      sentence,
      protocol,
      count: 0,
      finding: 'not measurable on these images',
      verdict: 'undecided',
      needed: undefined,
    };
  }
  const { interval, meanDifference, verdict, neededCount, count } = comparison;
  const [low, high] = sign > 0 ? [interval.low, interval.high] : [-interval.high, -interval.low];
  const judged = verdict === 'equivalent' ? 'fails' : low > 0 ? 'holds' : high < 0 ? 'fails' : 'undecided';
  const note = verdict === 'equivalent' ? ': no difference that matters' : '';
  return {
    sentence,
    protocol,
    count,
    finding: `${signed(meanDifference)} [${signed(interval.low)}, ${signed(interval.high)}]${note}`,
    verdict: judged,
    needed: judged === 'undecided' ? neededCount : undefined,
  };
}

/** 0.7 is optimal when no other α of the sweep is better, and at least one is worse. */
function optimum(records: readonly MetricRecord[], seed: number): Claim {
  const sentence = 'α = 0.7 is optimal for insertion AUC';
  const sweep = records.filter(({ method, metric }) => method === 'hybrid' && metric === 'insertion');
  const rows = summarise(sweep, { reference: HYBRID, seed }).filter((row) => !row.isReference);
  const protocol = 'insertion, every other α against 0.7 on these images';
  const better = rows.filter((row) => row.comparison?.verdict === 'better');
  const worse = rows.filter((row) => row.comparison?.verdict === 'worse');
  const name = (row: SummaryRow) => String(row.params['alpha']);
  const list = (some: readonly SummaryRow[]) => some.map(name).join(', ');
  const parts = [
    better.length > 0 ? `better: ${list(better)}` : undefined,
    worse.length > 0 ? `worse: ${list(worse)}` : undefined,
    rows.length > better.length + worse.length
      ? `no difference shown: ${list(rows.filter((row) => !better.includes(row) && !worse.includes(row)))}`
      : undefined,
  ];
  const count = rows[0]?.count ?? 0;
  const allWorse = rows.length > 0 && worse.length === rows.length;
  const needed = Math.max(0, ...rows.map((row) => row.comparison?.neededCount ?? 0));
  const verdict = better.length > 0 ? 'fails' : allWorse ? 'holds' : 'undecided';
  return {
    sentence,
    protocol,
    count,
    finding: parts.filter((part) => part !== undefined).join('; '),
    verdict,
    needed: verdict === 'undecided' && needed > 0 ? needed : undefined,
  };
}

/** Same cost: within a tenth of either parent's median. */
function sameCost({ gradCam, layerCam, hybrid }: ClaimTimes): Claim {
  const ratio = (other: readonly number[]) => median(hybrid.map((time, i) => time / other[i]!));
  const [toGradCam, toLayerCam] = [ratio(gradCam), ratio(layerCam)];
  const same = (value: number) => value > 0.9 && value < 1.1;
  return {
    sentence: 'The hybrid costs the same as Grad-CAM and LayerCAM',
    protocol: 'median ratio of explanation times, interleaved, within 10 %',
    count: hybrid.length,
    finding: `${short(toGradCam)} × Grad-CAM, ${short(toLayerCam)} × LayerCAM`,
    verdict: same(toGradCam) && same(toLayerCam) ? 'holds' : 'fails',
    needed: undefined,
  };
}

function pairedRow(
  records: readonly MetricRecord[],
  seed: number,
  metric: SummaryRow['metric'],
  candidate: string,
  reference: string,
): SummaryRow | undefined {
  const title = (record: MetricRecord) =>
    record.params['alpha'] === undefined ? record.method : `${record.method} α${record.params['alpha']}`;
  const relevant = records.filter(
    (record) => record.metric === metric && [candidate, reference].includes(title(record)),
  );
  // Descriptive metrics have no better end; for a claim about size the larger value is the candidate's.
  return summarise(relevant, { reference, seed, compareDescriptive: true }).find((row) => !row.isReference);
}

function signed(value: number): string {
  return value > 0 ? `+${short(value)}` : short(value);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}
