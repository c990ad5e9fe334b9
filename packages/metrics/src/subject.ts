import type { AbortSignalLike, NdArray } from '@hybridcam/core';

/**
 * Scores of a batch: preprocessed input [batch, channels, height, width] → [batch, classes]. The input is used again for the next batch:
 * it is the function's to read until its promise settles, not to keep.
 */
export type ScoreFunction = (
  input: NdArray<Float32Array>,
  options?: ScoreOptions,
) => Promise<NdArray<Float32Array>>;

export interface ScoreOptions {
  /** Every number of the input is known to be finite: a model that would look for NaN (`ForwardOptions.knownFinite`) need not. Default: false. */
  readonly knownFinite?: boolean;
}

/**
 * Scores of one image under many masks, composed on the runtime's side: row i shows `replacement` where
 * `ranks[pixel] < counts[i]` and `input` elsewhere. `input` and `replacement` are [channels, height, width], `ranks` has
 * height·width entries. Result [counts.length, classes].
 */
export type MaskedScoreFunction = (
  input: NdArray<Float32Array>,
  replacement: NdArray<Float32Array>,
  ranks: Int32Array,
  counts: readonly number[],
) => Promise<NdArray<Float32Array>>;

/** A saliency map [height, width] at input size for a class of one input [channels, height, width]. */
export type ExplainFunction = (
  input: NdArray<Float32Array>,
  classIndex: number,
) => Promise<NdArray<Float32Array>>;

/**
 * All a metric may know of a model. `score` decides what is measured: give probabilities for the field's usual numbers, logits
 * to avoid saturation; say which in `scoreKind`, so that every result can carry it.
 */
export interface Subject {
  readonly score: ScoreFunction;
  readonly scoreKind: 'probability' | 'logit';
  /** Images per call of `score`. Default 8: batching beyond that gains nothing on the runtimes we measured. */
  readonly batchSize?: number;
  readonly scoreMasked?: MaskedScoreFunction;
  readonly signal?: AbortSignalLike;
}

export const DEFAULT_BATCH_SIZE = 8;
