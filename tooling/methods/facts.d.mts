import type { MethodName } from '@hybridcam/core';
import type { FurtherName } from './further-methods.d.mts';

/** `docs/methods/measured.json`. */
export interface Measured {
  readonly earlierLayer: string;
  readonly methods: Readonly<Partial<Record<MethodName, MeasuredMethod>>>;
  /** Of the further ones those that the scenes network can show. */
  readonly further: Readonly<Partial<Record<FurtherName, MeasuredMethod>>>;
  readonly controls: { readonly random: number; readonly centred: number };
}

export interface MeasuredMethod {
  readonly n: number;
  readonly settings?: Readonly<Record<string, number>>;
  /** Where it is not the logit. */
  readonly target?: string;
  readonly onObject: readonly number[];
  readonly onOthersOfTwo: readonly number[];
  readonly worst: { readonly seed: number; readonly onOthers: number };
}

export function factsTable(name: MethodName, measured: Measured): string;
export function furtherFactsTable(name: FurtherName, measured: Measured): string;
export function capabilityTable(measured: Measured): string;
export function furtherTable(measured: Measured): string;
export function withBlock(text: string, block: string, file: string): string;
