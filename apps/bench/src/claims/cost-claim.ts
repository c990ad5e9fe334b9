import { type Interval, quantile, seededRandom } from '@hybridcam/metrics';
import type { MethodTimes } from '../records/judgement.ts';
import { short } from '../summary/summary-table.ts';
import type { Claim } from './claim.ts';
import { neededImages } from './needed-images.ts';

/** Times within a tenth of each other are the same. */
const SAME = { low: 1 / 1.1, high: 1.1 };
const RESAMPLES = 10_000;

/** The hybrid costs the same when the interval of its time's ratio to either parent lies within a tenth of 1. */
export function costClaim({ gradCam, layerCam, hybrid }: MethodTimes, seed: number): Claim {
  const claim = {
    sentence: 'The hybrid costs the same as Grad-CAM and LayerCAM',
    protocol: 'median ratio of explanation times, interleaved, within 10 %',
    count: hybrid.length,
  };
  if (hybrid.length < 2) {
    const finding =
      hybrid.length === 0 ? 'not measured: no image could be timed' : 'one image has no interval; give more';
    return { ...claim, finding, verdict: 'undecided', needed: undefined };
  }
  const ratios = [gradCam, layerCam].map((parent) =>
    medianRatio(
      hybrid.map((time, i) => time / parent[i]!),
      seed,
    ),
  );
  const isSame = ({ interval: { low, high } }: MedianRatio) => low > SAME.low && high < SAME.high;
  const isOther = ({ interval: { low, high } }: MedianRatio) => low >= SAME.high || high <= SAME.low;
  const verdict = ratios.some(isOther) ? 'fails' : ratios.every(isSame) ? 'holds' : 'undecided';
  const open = ratios.filter((ratio) => !isSame(ratio) && !isOther(ratio));
  return {
    ...claim,
    finding: ratios
      .map(
        ({ median, interval: { low, high } }, i) =>
          `${short(median)} [${short(low)}, ${short(high)}] × ${i === 0 ? 'Grad-CAM' : 'LayerCAM'}`,
      )
      .join(', '),
    verdict,
    needed:
      verdict === 'undecided'
        ? Math.max(
            ...open.map(({ median, interval }) =>
              neededImages(median, interval, hybrid.length, [SAME.low, SAME.high]),
            ),
          )
        : undefined,
  };
}

interface MedianRatio {
  readonly median: number;
  readonly interval: Interval;
}

/** Percentile bootstrap of the median over images: one pause of the machine must not decide. */
function medianRatio(ratios: readonly number[], seed: number): MedianRatio {
  const random = seededRandom(seed);
  const middle = (values: readonly number[]) => quantile(Float64Array.from(values).sort(), 0.5);
  const medians = Float64Array.from({ length: RESAMPLES }, () =>
    middle(ratios.map(() => ratios[random.integer(ratios.length)]!)),
  ).sort();
  return {
    median: middle(ratios),
    interval: { low: quantile(medians, 0.025), high: quantile(medians, 0.975) },
  };
}
