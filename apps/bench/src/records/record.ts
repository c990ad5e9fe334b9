/** Version of the lines in records.jsonl and curves.jsonl; raised when a reader of the old form would misread the new one. */
export const RECORD_VERSION = 1;

/**
 * One number: an image, a method with its parameters, a layer, a metric under its preset. Names are spelled as the flags are. `key`
 * is a hash of everything the value depends on, so that resuming, sharding and merging are one operation: keep one line per key.
 */
export interface MetricRecord {
  readonly v: typeof RECORD_VERSION;
  readonly key: string;
  /** Name for people; `sha256` identifies it. */
  readonly image: string;
  readonly sha256: string;
  readonly class: number;
  /** Probability of the explained class on the untouched image. */
  readonly p: number;
  readonly method: string;
  readonly params: Readonly<Record<string, number | string>>;
  readonly layer: string;
  readonly metric: string;
  readonly preset: string;
  /** null where the metric does not exist for this map; `flags` say why. */
  readonly value: number | null;
  /** Score of the baseline and of the image, for curves. */
  readonly f0?: number;
  readonly f1?: number;
  /** The AUC between f0 and f1: 0 at the baseline's score, 1 at the image's; without where the two are less than 0.05 apart. */
  readonly normalized?: number;
  readonly ties?: number;
  readonly flags: readonly string[];
  /** Hash of the evidence or class that was given beside the image and that this number or its flags depend on. */
  readonly truth?: string;
}

/** A line of records.jsonl that takes a record back: its image, or what is said of it, is not what it was. */
export interface Withdrawal {
  readonly v: typeof RECORD_VERSION;
  readonly key: string;
  readonly withdrawn: true;
}

/** The points behind an AUC; kept apart so that records stay small. */
export interface CurveRecord {
  readonly v: typeof RECORD_VERSION;
  readonly key: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** An image that could not be evaluated: a row, not a crash. */
export interface FailureRecord {
  readonly v: typeof RECORD_VERSION;
  readonly key: string;
  readonly image: string;
  readonly error: { readonly code: string; readonly message: string };
}
