import type { KinkReport } from './agree-at-kinks.ts';
import type { ParityRequest, Stage } from './parity-requests.ts';

/** One picture on one runtime: plain data, so that it can be kept and read again. */
export interface PictureReport {
  readonly picture: string;
  readonly stage: Stage;
  /** By the request's title: the largest difference between two maps of maximum 1. */
  readonly differences: Readonly<Record<string, number>>;
  readonly flips: readonly Flip[];
  /** What is neither within its tolerance nor such a flip. */
  readonly complaints: readonly string[];
}

/**
 * A map beyond its tolerance because rounding put activations on the two sides of a kink, or of FEM's threshold: with these alike it is
 * within 1e-4.
 */
export interface Flip {
  readonly title: string;
  readonly picture: string;
  readonly difference: number;
  readonly differenceWithoutFlips: number;
  readonly kinks: readonly KinkReport[];
}

export interface ParityRow {
  readonly title: string;
  readonly tolerance: number;
  readonly pictures: number;
  readonly worst: number;
}

export interface ParityReport {
  readonly rows: readonly ParityRow[];
  readonly flips: readonly Flip[];
  readonly complaints: readonly string[];
}

/** Over all pictures; a row for each request that any of them had. */
export function parityReport(
  requests: readonly ParityRequest[],
  pictures: readonly PictureReport[],
): ParityReport {
  const rows = requests.flatMap(({ title, tolerance }) => {
    const differences = pictures.flatMap((picture) => picture.differences[title] ?? []);
    if (differences.length === 0) return [];
    return [{ title, tolerance, pictures: differences.length, worst: Math.max(...differences) }];
  });
  return {
    rows,
    flips: pictures.flatMap(({ flips }) => flips),
    complaints: pictures.flatMap(({ complaints }) => complaints),
  };
}
