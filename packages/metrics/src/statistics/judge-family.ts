import { decide, neededImages, type PairedComparison, SIGNIFICANCE, smallestP } from './compare-paired.ts';
import { holm } from './holm.ts';

/** A comparison judged as one of several that are looked at together. */
export interface FamilyComparison extends PairedComparison {
  /** Wilcoxon's p after Holm's correction over the family; undefined where there was nothing to test. */
  readonly pHolm: number | undefined;
  /** With so few changed images (`changedCount`) no difference, however clear, could reach p ≤ 0.05 in this family. */
  readonly tooFew: boolean;
}

/**
 * Judges comparisons that are shown together, such as the rows of a table: of many, some look significant by chance, so `better` and
 * `worse` need Holm's adjusted p here, not each its own.
 * @example judgeFamily([comparePaired(a, reference, options), comparePaired(b, reference, options)])
 */
export function judgeFamily(comparisons: readonly PairedComparison[]): FamilyComparison[] {
  const tested = comparisons.filter(({ test }) => test !== undefined);
  // The approximation for tied differences may promise more than so few images can give.
  const pValues = tested.map(({ test, changedCount }) => Math.max(test!.p, smallestP(changedCount)));
  const adjusted = holm(pValues);
  return comparisons.map((comparison) => {
    const place = tested.indexOf(comparison);
    const pHolm = adjusted[place];
    const verdict = decide(comparison, pHolm);
    const attains = (count: number) => holm(pValues.with(place, smallestP(count)))[place]! <= SIGNIFICANCE;
    const tooFew = place >= 0 && !attains(comparison.changedCount);
    const needed =
      verdict === 'inconclusive'
        ? neededImages(comparison, SIGNIFICANCE / Math.max(1, tested.length))
        : undefined;
    if (!tooFew || verdict !== 'inconclusive')
      return { ...comparison, pHolm, tooFew, verdict, neededCount: needed };
    // `attains` counts changed images; of more images as large a share is expected to change.
    const atLeast = Math.ceil((fewest(attains) * comparison.count) / comparison.changedCount);
    return { ...comparison, pHolm, tooFew, verdict, neededCount: Math.max(atLeast, needed ?? 0) };
  });
}

function fewest(attains: (count: number) => boolean): number {
  let count = 1;
  while (!attains(count)) count++;
  return count;
}
