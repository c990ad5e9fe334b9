import { mapVector, type VectorOperation } from './vector-step.ts';

export type Comparison = 'Greater' | 'GreaterOrEqual' | 'Less' | 'LessOrEqual';

/** 1 where the comparison with a constant holds, else 0. It has no slope. */
export function comparisonOperation(op: Comparison, bounds: Float64Array): VectorOperation {
  const { length } = bounds;
  const holds: Record<Comparison, (x: number, bound: number) => boolean> = {
    Greater: (x, bound) => x > bound,
    GreaterOrEqual: (x, bound) => x >= bound,
    Less: (x, bound) => x < bound,
    LessOrEqual: (x, bound) => x <= bound,
  };
  return {
    affine: false,
    length,
    forward: ([x]) => mapVector(x!, (value, i) => (holds[op](value, bounds[i]!) ? 1 : 0)),
    backward: () => [new Float64Array(length)],
  };
}

/** Element i of the first branch where condition i is not 0, else of the second. A constant branch is no input of the step. */
export function whereOperation(
  length: number,
  constants: readonly (Float64Array | undefined)[],
): VectorOperation {
  const branch = (inputs: readonly Float64Array[], k: number): Float64Array =>
    constants[k] ?? inputs[k === 1 && !constants[0] ? 2 : 1]!;
  return {
    affine: false,
    length,
    forward: (inputs) => {
      const [first, second] = [branch(inputs, 0), branch(inputs, 1)];
      return mapVector(inputs[0]!, (condition, i) => (condition !== 0 ? first[i]! : second[i]!));
    },
    backward: (dY, [condition]) => {
      const gradients: Float64Array[] = [new Float64Array(length)];
      for (const k of [0, 1]) {
        if (constants[k]) continue;
        gradients.push(mapVector(dY, (d, i) => ((condition![i] !== 0) === (k === 0) ? d : 0)));
      }
      return gradients;
    },
  };
}

/** One number per image repeated, or a vector as it is. */
export function expandOperation(from: number, length: number): VectorOperation {
  return {
    affine: true,
    length,
    forward: ([x]) => mapVector(new Float64Array(length), (_, i) => x![from === 1 ? 0 : i]!),
    backward: (dY) => [from === 1 ? Float64Array.of(dY.reduce((sum, d) => sum + d, 0)) : dY],
  };
}
