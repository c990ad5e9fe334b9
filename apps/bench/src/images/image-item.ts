import type { ArrayView } from '@hybridcam/core';
import type { Image } from '@hybridcam/image';
import type { Evidence } from '@hybridcam/metrics';

/** One image of a run, named and hashed before it is decoded, so that finished ones are skipped for the price of a hash. */
export interface ImageItem {
  /** Path relative to the folder given, or the scene's id: what tables and records call it. */
  readonly name: string;
  /** Of the file's bytes, or of the scene's specification. */
  readonly sha256: string;
  decode(): Promise<DecodedItem>;
}

export interface DecodedItem {
  readonly image: Image;
  /** Where the evidence truly is, on the original picture; undefined for ordinary photographs. */
  readonly truth?: Truth;
}

export interface Truth {
  /** Class index of the target. */
  readonly classIndex: number | undefined;
  /** Mask [height, width] of the picture's own size, or a box in its pixels. */
  readonly evidence: Evidence;
  readonly distractors: readonly ArrayView[];
}
