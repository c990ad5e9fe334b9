import type { FloatConstant } from './constant-floats.ts';

/**
 * One operation of a classifier's head on one image: behind a global pooling every tensor is a plain vector, so the head is a
 * short program that is run, and differentiated by hand, in float64.
 */
export interface VectorStep {
  /** For messages: operator and node name. */
  readonly what: string;
  /** Slots read and the slot written. */
  readonly inputs: readonly number[];
  readonly output: number;
  readonly length: number;
  /** output = M·inputs + b with constant M and b: then the whole head may be one linear map. */
  readonly affine: boolean;
  /** output = input: a change of shape or name. */
  readonly identity?: boolean;
  /** output = scale·W·input + bias with a stored W: lets a head of one such step hand out its matrix without computing it. */
  readonly matrix?: StoredMatrix;
  forward(inputs: readonly Float64Array[]): Float64Array;
  /** Per input ∂⟨cotangent, output⟩/∂input. */
  backward(
    cotangent: Float64Array,
    inputs: readonly Float64Array[],
    output: Float64Array,
  ): readonly Float64Array[];
}

export interface StoredMatrix {
  readonly weights: Pick<FloatConstant, 'values'>;
  /** Element (output k, input c) is weights.values[k·outputStride + c·inputStride]. */
  readonly outputs: number;
  readonly inputs: number;
  readonly outputStride: number;
  readonly inputStride: number;
  readonly bias: Float64Array | undefined;
  readonly scale: number;
}

/** Behaviour of a step; its place in the program is added by the reader. */
export type VectorOperation = Omit<VectorStep, 'what' | 'inputs' | 'output'>;

export function mapVector(vector: Float64Array, f: (value: number, index: number) => number): Float64Array {
  const out = new Float64Array(vector.length);
  for (let i = 0; i < out.length; i++) out[i] = f(vector[i]!, i);
  return out;
}

/** Same values under another shape. */
export function renameOperation(length: number): VectorOperation {
  return { affine: true, identity: true, length, forward: ([x]) => x!, backward: (dY) => [dY] };
}
