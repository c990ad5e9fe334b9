import type { AttributeDescription } from '../../../src/index.ts';
import type { Draw } from './draw.ts';

/** One node with random geometry. */
export interface OpCase {
  readonly op: string;
  readonly opset: number;
  readonly attributes?: Readonly<Record<string, AttributeDescription>>;
  /** Node inputs in order; undefined is an omitted one. */
  readonly inputs: readonly (OpInput | undefined)[];
  /** Number of outputs; all of them reach the scores, but those listed in `unused`. */
  readonly outputs?: number;
  readonly unused?: readonly number[];
  /**
   * How the output follows the input: `linear` (differences are exact), `piecewise` linear (inputs keep off the kinks) or
   * `smooth` (fourth-order differences).
   */
  readonly kind: 'linear' | 'piecewise' | 'smooth';
}

export type OpInput =
  | { readonly active: readonly number[]; readonly values: Values; readonly offset?: number }
  | { readonly floats: readonly number[]; readonly values: Values; readonly offset?: number }
  /** A float scalar, or a list of floats. */
  | { readonly scalar: number }
  | { readonly numbers: readonly number[] }
  | { readonly integers: readonly number[]; readonly dims?: readonly number[]; readonly computed?: boolean }
  /** `open`: the place that is always true. */
  | { readonly booleans: readonly number[]; readonly open?: number };

/**
 * `whole`: small integers. `spaced`: all different, ¼ apart, none within ⅛ of a multiple of ¼ (exact in float32). `normal`: about unit
 * spread. `positive`: 0.5 to 2. `unit`: −0.8 to 0.8.
 */
export type Values = 'whole' | 'spaced' | 'normal' | 'positive' | 'unit';

export type CaseMaker = (draw: Draw, opset: number) => OpCase;

export function valuesOf(draw: Draw, values: Values, size: number, offset = 0): Float32Array {
  return drawn(draw, values, size).map((value) => value + offset);
}

function drawn(draw: Draw, values: Values, size: number): Float32Array {
  switch (values) {
    case 'whole':
      return Float32Array.from({ length: size }, () => draw.int(-4, 4));
    case 'spaced': {
      const half = Math.floor(size / 2);
      const places = draw.shuffled(Array.from({ length: size }, (_, i) => i - half));
      return Float32Array.from(places, (place) => place * 0.25 + 0.125);
    }
    case 'normal':
      return Float32Array.from({ length: size }, () => draw.uniform(-1, 1) + draw.uniform(-1, 1));
    case 'positive':
      return Float32Array.from({ length: size }, () => draw.uniform(0.5, 2));
    case 'unit':
      return Float32Array.from({ length: size }, () => draw.uniform(-0.8, 0.8));
  }
}

export const sizeOf = (dims: readonly number[]): number => dims.reduce((size, extent) => size * extent, 1);
