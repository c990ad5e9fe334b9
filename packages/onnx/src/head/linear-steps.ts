import { floatAttribute, intAttribute, intsAttribute } from '../graph/attributes.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { FloatConstant } from './constant-floats.ts';
import { linearOperation } from './linear.ts';
import { broadcast, type ConstantInput, length, type Slot, type StepResult } from './step-context.ts';
import { mapVector } from './vector-step.ts';

export function gemmStep(node: OnnxNode, x: Slot, constant: ConstantInput): StepResult {
  const n = length(x.shape);
  const weights = constant(1);
  if (x.shape.length !== 1 || intAttribute(node, 'transA', 0) !== 0 || weights?.dims.length !== 2) {
    return 'its weights are not one constant matrix';
  }
  const transposed = intAttribute(node, 'transB', 0) !== 0;
  const [rows, columns] = weights.dims as [number, number];
  const outputs = transposed ? rows : columns;
  if ((transposed ? columns : rows) !== n)
    return `expects ${transposed ? columns : rows} values, receives ${n}`;
  const bias = node.inputs[2] ? constant(2) : undefined;
  const beta = floatAttribute(node, 'beta', 1);
  const shift = bias && broadcast(bias, [outputs]);
  if (node.inputs[2] && !shift) return 'its bias is not constant';
  const operation = linearOperation({
    weights,
    outputs,
    inputs: n,
    outputStride: transposed ? columns : 1,
    inputStride: transposed ? 1 : columns,
    bias: shift && mapVector(shift, (value) => beta * value),
    scale: floatAttribute(node, 'alpha', 1),
  });
  return { operation, shape: [outputs] };
}

export function matMulStep(x: Slot, weights: FloatConstant | undefined): StepResult {
  const n = length(x.shape);
  if (weights?.dims.length !== 2) return 'its right side is not one constant matrix';
  if (x.shape.at(-1) !== n || weights.dims[0] !== n) return 'it does not act on the channels';
  const outputs = weights.dims[1]!;
  const operation = linearOperation({
    weights,
    outputs,
    inputs: n,
    outputStride: 1,
    inputStride: outputs,
    bias: undefined,
    scale: 1,
  });
  return { operation, shape: [...x.shape.slice(0, -1), outputs] };
}

export function convStep(node: OnnxNode, x: Slot, constant: ConstantInput): StepResult {
  const [n, height, width] = x.shape;
  const weights = constant(1);
  if (x.shape.length !== 3 || height !== 1 || width !== 1 || weights?.dims.length !== 4) {
    return 'it is no 1×1 convolution of a vector';
  }
  const [outputs, inputs, kernelHeight, kernelWidth] = weights.dims as [number, number, number, number];
  const padded = intsAttribute(node, 'pads')?.some((pad) => pad !== 0);
  if (kernelHeight !== 1 || kernelWidth !== 1 || inputs !== n || padded)
    return 'it is no 1×1 convolution of a vector';
  const bias = node.inputs[2] ? constant(2) : undefined;
  if (node.inputs[2] && bias?.values.length !== outputs) return 'its bias is not constant';
  const operation = linearOperation({
    weights,
    outputs,
    inputs,
    outputStride: inputs,
    inputStride: 1,
    bias: bias && Float64Array.from(bias.values),
    scale: 1,
  });
  return { operation, shape: [outputs, 1, 1] };
}
