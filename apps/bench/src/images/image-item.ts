import type { ArrayView } from '@hybridcam/core';
import type { Image } from '@hybridcam/image';
import type { Evidence } from '@hybridcam/metrics';
import { contentKey } from '../records/canonical-json.ts';

/** One image of a run, named and hashed before it is decoded, so that finished ones are skipped for the price of a hash. */
export interface ImageItem {
  /** Path relative to the folder given, or the scene's id: what tables and records call it. */
  readonly name: string;
  /** Of the file's bytes, or of the scene's specification. */
  readonly sha256: string;
  /** What is said of a file beside its bytes. A scene's hash covers its truth. */
  readonly truth?: TruthKeys;
  decode(): Promise<DecodedItem>;
}

/** What records depend on of a truth that does not lie in the image's bytes, as it enters their keys. */
export interface TruthKeys {
  /** Of numbers that see the evidence. */
  readonly evidence: string;
  /** Of all others, which only know whether the class is the true one; undefined where no class was given. */
  readonly classOnly: string | undefined;
}

export interface DecodedItem {
  readonly image: Image;
  /** What is truly there, on the original picture; undefined where nothing is known. */
  readonly truth?: Truth;
  /** The same scene otherwise; undefined for pictures that nobody can draw again. */
  readonly scene?: SceneVariations;
}

export interface Truth {
  /** Class index of the target. */
  readonly classIndex: number | undefined;
  /** Mask [height, width] of the picture's own size, or a box in its pixels; undefined where only the class is known. */
  readonly evidence: Evidence | undefined;
  readonly distractors: readonly ArrayView[];
}

/** A drawn picture with one thing changed and every other pixel decision kept: drawn when asked for. */
export interface SceneVariations {
  /** Everything in it that can be seen, and the picture without that. */
  readonly parts: readonly ScenePart[];
  readonly otherBackgrounds: () => Image[];
  /** The corner mark of a scene that has one; also among the parts. */
  readonly mark: ScenePart | undefined;
}

export interface ScenePart {
  readonly name: string;
  /** Mask [height, width]. */
  readonly evidence: ArrayView;
  readonly without: () => Image;
}

/** What a manifest says of an image; `mask` is the hash of the mask's file. */
export interface TruthFacts {
  readonly box?: readonly number[] | undefined;
  readonly mask?: string | undefined;
  readonly class?: number | undefined;
}

/** undefined where nothing is said. */
export function truthKeys({ box, mask, class: classIndex }: TruthFacts): TruthKeys | undefined {
  if (box === undefined && mask === undefined && classIndex === undefined) return undefined;
  return {
    evidence: contentKey([box ?? mask ?? null, classIndex ?? null]),
    classOnly: classIndex === undefined ? undefined : `class:${classIndex}`,
  };
}
