import type { VectorStep } from './vector-step.ts';

/** From the pooled vector of one image to its scores. */
export interface VectorHead {
  readonly pooledLength: number;
  readonly classCount: number;
  readonly steps: readonly VectorStep[];
  /** Slot of the scores. */
  readonly result: number;
  /** scores = W·pooled + b. */
  readonly affine: boolean;
}

/**
 * Whether every score is a sum over every element of the pooled vector: a NaN or infinity anywhere in it is then one in each score, since
 * no weight, not even 0, takes it away.
 */
export function isDense({ steps }: VectorHead): boolean {
  const products = steps.filter(({ identity }) => !identity);
  return products.length > 0 && products.every(({ matrix }) => matrix !== undefined && matrix.scale !== 0);
}

/** The scores of a pooled vector, in float64. */
export function headScores(head: VectorHead, pooled: Float64Array): Float64Array {
  return run(head, pooled)[head.result]!;
}

/** ∂⟨cotangent, scores⟩/∂pooled, in float64. `pooled` matters only where the head is not linear. */
export function headGradient(
  head: VectorHead,
  pooled: Float64Array,
  cotangent: ArrayLike<number>,
): Float64Array {
  const values = run(head, pooled, true);
  const cotangents: (Float64Array | undefined)[] = new Array(values.length);
  cotangents[head.result] = toFloat64(cotangent);
  for (let i = head.steps.length - 1; i >= 0; i--) {
    const step = head.steps[i]!;
    const dY = cotangents[step.output];
    if (!dY) continue;
    const inputs = step.inputs.map((slot) => values[slot]!);
    const gradients = step.backward(dY, inputs, values[step.output]!);
    step.inputs.forEach((slot, k) => {
      const before = cotangents[slot];
      const more = gradients[k]!;
      cotangents[slot] = before ? before.map((value, j) => value + more[j]!) : more;
    });
  }
  return cotangents[0] ?? new Float64Array(head.pooledLength);
}

/** Values of all slots; of a linear head none are needed for a gradient, nor are the scores of any. */
function run(head: VectorHead, pooled: Float64Array, forGradient = false): Float64Array[] {
  const values: Float64Array[] = [pooled];
  for (const step of head.steps) {
    const skip = forGradient && (head.affine || step.output === head.result) && step.affine;
    values[step.output] = skip ? new Float64Array(0) : step.forward(step.inputs.map((slot) => values[slot]!));
  }
  return values;
}

/** In a loop, for the constructor of typed arrays takes five times as long to change a type. */
function toFloat64(values: ArrayLike<number>): Float64Array {
  const wide = new Float64Array(values.length);
  for (let i = 0; i < wide.length; i++) wide[i] = values[i]!;
  return wide;
}
