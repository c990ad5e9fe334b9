import type { MetricRecord } from '../records/record.ts';
import { type SummaryRow, summarise } from '../summary/summarise.ts';
import { type Claim, withInterval } from './claim.ts';
import { neededImages } from './needed-images.ts';

/** 0.7 is the optimum when every other α of the sweep is worse; one that is better, or as good for all that matters, refutes it. */
export function optimumClaim(records: readonly MetricRecord[], reference: string, seed: number): Claim {
  const sweep = records.filter(({ method, metric }) => method === 'hybrid' && metric === 'insertion');
  const rows = summarise(sweep, { reference, seed }).filter((row) => !row.isReference);
  const claim = {
    sentence: 'α = 0.7 is optimal for insertion AUC',
    protocol: 'insertion, every other α against 0.7 on these images',
    count: Math.min(...rows.map(({ comparison }) => comparison?.count ?? 0), Number.MAX_SAFE_INTEGER),
  };
  const compared = rows.flatMap((row) =>
    row.comparison?.interval ? [{ row, ...row.comparison, interval: row.comparison.interval }] : [],
  );
  if (rows.length === 0 || compared.length < rows.length) {
    return {
      ...claim,
      count: rows.length === 0 ? 0 : claim.count,
      finding: 'not measurable on these images: no interval for every α',
      verdict: 'undecided',
      needed: undefined,
    };
  }
  const have = (...verdicts: readonly string[]) => compared.some(({ verdict }) => verdicts.includes(verdict));
  const verdict = have('better', 'equivalent') ? 'fails' : have('inconclusive') ? 'undecided' : 'holds';
  const needed = compared
    .filter((other) => other.verdict === 'inconclusive')
    .map(
      ({ neededCount, meanDifference, interval, count }) =>
        neededCount ?? neededImages(meanDifference, interval, count, [0]),
    );
  return {
    ...claim,
    finding: compared
      .map(
        ({ row, verdict: word, meanDifference, interval }) =>
          `α ${alphaOf(row)} ${withInterval(meanDifference, interval)} ${WORDS[word]}`,
      )
      .join('; '),
    verdict,
    needed: verdict === 'undecided' ? Math.max(...needed) : undefined,
  };
}

const WORDS = { better: 'better', worse: 'worse', equivalent: 'as good', inconclusive: 'undecided' } as const;

function alphaOf({ params }: SummaryRow): string {
  return String(params['alpha']);
}
