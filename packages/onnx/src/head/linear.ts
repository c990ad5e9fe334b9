import type { StoredMatrix, VectorOperation } from './vector-step.ts';

/** y = scale·W·x + bias, float32 weights, float64 sums. */
export function linearOperation(matrix: StoredMatrix): VectorOperation {
  const { weights, outputs, inputs, outputStride, inputStride, bias, scale } = matrix;
  return {
    affine: true,
    matrix,
    length: outputs,
    forward: ([x]) => {
      const { values } = weights;
      const y = new Float64Array(outputs);
      for (let k = 0; k < outputs; k++) {
        let sum = 0;
        for (let c = 0; c < inputs; c++) sum += values[k * outputStride + c * inputStride]! * x![c]!;
        y[k] = scale * sum + (bias ? bias[k]! : 0);
      }
      return y;
    },
    backward: (dY) => {
      const { values } = weights;
      const dX = new Float64Array(inputs);
      for (let k = 0; k < outputs; k++) {
        const factor = scale * dY[k]!;
        // Targets name one class or two: nearly all of the cotangent is zero.
        if (factor === 0) continue;
        for (let c = 0; c < inputs; c++) dX[c]! += factor * values[k * outputStride + c * inputStride]!;
      }
      return [dX];
    },
  };
}
