import { mapVector, type VectorOperation } from './vector-step.ts';

/** y = (x − mean x)/√(var x + ε)·scale + bias over the whole vector. */
export function layerNormOperation(
  scale: Float64Array,
  bias: Float64Array | undefined,
  epsilon: number,
): VectorOperation {
  const length = scale.length;
  const statistics = (x: Float64Array): { mean: number; inverse: number } => {
    let mean = 0;
    for (const value of x) mean += value;
    mean /= length;
    let variance = 0;
    for (const value of x) variance += (value - mean) ** 2;
    return { mean, inverse: 1 / Math.sqrt(variance / length + epsilon) };
  };
  return {
    affine: false,
    length,
    forward: ([x]) => {
      const { mean, inverse } = statistics(x!);
      return mapVector(x!, (value, i) => (value - mean) * inverse * scale[i]! + (bias ? bias[i]! : 0));
    },
    backward: (dY, [x]) => {
      const { mean, inverse } = statistics(x!);
      let sum = 0;
      let projected = 0;
      for (let i = 0; i < length; i++) {
        const g = dY[i]! * scale[i]!;
        sum += g;
        projected += g * (x![i]! - mean) * inverse;
      }
      return [
        mapVector(dY, (d, i) => {
          const normal = (x![i]! - mean) * inverse;
          return inverse * (d * scale[i]! - sum / length - (normal * projected) / length);
        }),
      ];
    },
  };
}

export type Reduction = 'ReduceMean' | 'ReduceSum' | 'ReduceL2';

/** Reductions of the whole vector to one number. */
export function reduceOperation(opType: Reduction, length: number): VectorOperation {
  const weight = opType === 'ReduceMean' ? 1 / length : 1;
  if (opType !== 'ReduceL2') {
    return {
      affine: true,
      length: 1,
      forward: ([x]) => Float64Array.of(weight * x!.reduce((sum, value) => sum + value, 0)),
      backward: (dY) => [new Float64Array(length).fill(weight * dY[0]!)],
    };
  }
  return {
    affine: false,
    length: 1,
    forward: ([x]) => Float64Array.of(Math.sqrt(x!.reduce((sum, value) => sum + value * value, 0))),
    backward: (dY, [x], y) => [mapVector(x!, (value) => (y[0] ? (dY[0]! * value) / y[0] : 0))],
  };
}
