import { ShapeError } from '@hybridcam/core';
import { type BootstrapOptions, bootstrapMean, type Interval } from '../statistics/bootstrap.ts';

/** Share of map mass on the mark, per scene: a network that uses the mark, and one that sees as many marks but cannot use them. */
export interface MarkMass {
  readonly confoundedWithMark: readonly number[];
  /** Mass in the same place of the same scenes rendered without the mark. */
  readonly confoundedWithoutMark: readonly number[];
  readonly balancedWithMark: readonly number[];
  readonly balancedWithoutMark: readonly number[];
}

export interface CleverHans {
  /** (confounded with − without) − (balanced with − without), mean over scenes. */
  readonly differenceInDifferences: number;
  readonly interval: Interval | undefined;
  /** The interval lies above 0: the method shows that the mark is *used*, not merely that it is there. */
  readonly detected: boolean;
}

/**
 * Clever-Hans detection as difference-in-differences. Maps light up on marks whether or not the network uses them, so a single
 * confounded network proves nothing; the balanced one is the control.
 * @throws ShapeError unless the four lists describe the same scenes
 */
export function cleverHans(mass: MarkMass, options: BootstrapOptions = {}): CleverHans {
  const count = mass.confoundedWithMark.length;
  const lists = [mass.confoundedWithoutMark, mass.balancedWithMark, mass.balancedWithoutMark];
  if (count === 0 || lists.some((list) => list.length !== count)) {
    throw new ShapeError(
      `cleverHans: expected four lists of one length; received ${count}, ${lists.map((list) => list.length).join(', ')}.`,
    );
  }
  const differences = mass.confoundedWithMark.map(
    (value, i) =>
      value - mass.confoundedWithoutMark[i]! - (mass.balancedWithMark[i]! - mass.balancedWithoutMark[i]!),
  );
  const interval = bootstrapMean(differences, options);
  const differenceInDifferences = differences.reduce((sum, value) => sum + value, 0) / count;
  return { differenceInDifferences, interval, detected: interval !== undefined && interval.low > 0 };
}
