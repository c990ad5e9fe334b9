import { comparePaired, type MetricName } from '@hybridcam/metrics';
import { rowTitle } from '../evaluation/method-row.ts';
import type { MetricRecord } from '../records/record.ts';
import { usableValues } from '../summary/summarise.ts';
import { type Claim, withInterval } from './claim.ts';
import { neededImages } from './needed-images.ts';

export interface Difference {
  readonly sentence: string;
  readonly metric: MetricName;
  /** Titles of rows: `hybrid α0.7`. */
  readonly candidate: string;
  readonly reference: string;
}

/** Does `candidate` exceed `reference`? A difference inside the equivalence region does not count as exceeding. */
export function differenceClaim(
  records: readonly MetricRecord[],
  { sentence, metric, candidate, reference }: Difference,
  seed: number,
): Claim {
  const own = records.filter((record) => record.metric === metric);
  const valuesOf = (title: string) => usableValues(own.filter((record) => rowTitle(record) === title));
  const [values, others] = [valuesOf(candidate), valuesOf(reference)];
  const images = [...values.keys()].filter((image) => others.has(image)).sort();
  const preset = own[0] ? ` (${own[0].preset})` : '';
  const claim = {
    sentence,
    protocol: `${metric}${preset}, ${candidate} against ${reference}`,
    count: images.length,
  };
  if (images.length < 2) {
    const finding =
      images.length === 0 ? 'not measurable on these images' : 'one image has no interval; give more';
    return { ...claim, finding, verdict: 'undecided', needed: undefined };
  }
  const { interval, meanDifference, neededCount, margin } = comparePaired(
    images.map((image) => values.get(image)!),
    images.map((image) => others.get(image)!),
    // Descriptive metrics have no better end; in a claim about size the larger value is the candidate's.
    { direction: 'higher-is-better', seed },
  );
  const { low, high } = interval!;
  const isEquivalent = low >= -margin && high <= margin;
  const verdict = isEquivalent || high < 0 ? 'fails' : low > 0 ? 'holds' : 'undecided';
  // Whichever comes first: an interval that leaves out zero, or one that lies within the margin.
  const bounds = Math.abs(meanDifference) > margin / 2 ? [0] : [-margin, margin];
  return {
    ...claim,
    finding: `${withInterval(meanDifference, interval!)}${isEquivalent ? ': no difference that matters' : ''}`,
    verdict,
    needed:
      verdict === 'undecided'
        ? (neededCount ?? neededImages(meanDifference, interval!, images.length, bounds))
        : undefined,
  };
}
