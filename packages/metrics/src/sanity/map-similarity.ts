import { type ArrayView, pack } from '@hybridcam/core';
import { pearson, spearman } from '../statistics/correlation.ts';
import { structuralSimilarity } from './structural-similarity.ts';

export interface MapSimilarity {
  /** Undefined where either map is constant. */
  readonly spearman: number | undefined;
  readonly pearson: number | undefined;
  /** Undefined for maps below 11×11. */
  readonly ssim: number | undefined;
}

/** How alike two maps of one size are, by rank, linearly and structurally: each −1 … 1. */
export function mapSimilarity(a: ArrayView, b: ArrayView): MapSimilarity {
  const large = a.shape.length === 2 && a.shape[0]! > 10 && a.shape[1]! > 10;
  const [x, y] = [pack(a), pack(b)];
  return {
    spearman: spearman(x, y),
    pearson: pearson(x, y),
    ssim: large ? structuralSimilarity(a, b) : undefined,
  };
}
