import { mapVector, type VectorOperation } from './vector-step.ts';

export type BinaryOp = 'Add' | 'Sub' | 'Mul' | 'Div';

export function isBinaryOp(opType: string): opType is BinaryOp {
  return opType === 'Add' || opType === 'Sub' || opType === 'Mul' || opType === 'Div';
}

/** vector ∘ constant, or constant ∘ vector when `constantFirst`. */
export function constantOperation(
  op: BinaryOp,
  constant: Float64Array,
  constantFirst: boolean,
): VectorOperation {
  const length = constant.length;
  if (op === 'Div' && constantFirst) {
    return {
      affine: false,
      length,
      forward: ([x]) => mapVector(x!, (value, i) => constant[i]! / value),
      backward: (dY, [x]) => [mapVector(dY, (d, i) => (-d * constant[i]!) / x![i]! ** 2)],
    };
  }
  const sign = op === 'Sub' && constantFirst ? -1 : 1;
  const shift = op === 'Add' ? 1 : op === 'Sub' ? -sign : 0;
  const factor = (i: number): number =>
    op === 'Mul' ? constant[i]! : op === 'Div' ? 1 / constant[i]! : sign;
  return {
    affine: true,
    length,
    forward: ([x]) => mapVector(x!, (value, i) => factor(i) * value + shift * constant[i]!),
    backward: (dY) => [mapVector(dY, (d, i) => d * factor(i))],
  };
}

/** Two vectors that both depend on the pooled one; a vector of length 1 meets every element of the other. */
export function pairOperation(op: BinaryOp, lengthA: number, lengthB: number): VectorOperation {
  const length = Math.max(lengthA, lengthB);
  const at = (vector: Float64Array, i: number): number => vector[vector.length === 1 ? 0 : i]!;
  const apply: Record<BinaryOp, (a: number, b: number) => number> = {
    Add: (a, b) => a + b,
    Sub: (a, b) => a - b,
    Mul: (a, b) => a * b,
    Div: (a, b) => a / b,
  };
  const slopes: Record<BinaryOp, (a: number, b: number) => readonly [number, number]> = {
    Add: () => [1, 1],
    Sub: () => [1, -1],
    Mul: (a, b) => [b, a],
    Div: (a, b) => [1 / b, -a / (b * b)],
  };
  return {
    affine: op === 'Add' || op === 'Sub',
    length,
    forward: ([a, b]) => mapVector(new Float64Array(length), (_, i) => apply[op](at(a!, i), at(b!, i))),
    backward: (dY, [a, b]) => {
      const dA = new Float64Array(lengthA);
      const dB = new Float64Array(lengthB);
      for (let i = 0; i < length; i++) {
        const [slopeA, slopeB] = slopes[op](at(a!, i), at(b!, i));
        dA[lengthA === 1 ? 0 : i]! += dY[i]! * slopeA;
        dB[lengthB === 1 ? 0 : i]! += dY[i]! * slopeB;
      }
      return [dA, dB];
    },
  };
}
