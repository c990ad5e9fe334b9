import { floatAttribute, intAttribute, intsAttribute } from '../graph/attributes.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import { layerNormOperation, type Reduction, reduceOperation } from './normalization.ts';
import { type ConstantInput, length, type Slot, type StepResult } from './step-context.ts';
import { mapVector, type VectorOperation } from './vector-step.ts';

export function batchNormStep(node: OnnxNode, x: Slot, constant: ConstantInput): StepResult {
  const n = length(x.shape);
  const [scale, bias, mean, variance] = [1, 2, 3, 4].map((i) => constant(i)?.values);
  const fits = [scale, bias, mean, variance].every((values) => values?.length === n);
  if (x.shape[0] !== n || !fits || intAttribute(node, 'training_mode', 0) !== 0) {
    return 'its statistics are not constant';
  }
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  const factor = (i: number): number => scale![i]! / Math.sqrt(variance![i]! + epsilon);
  const operation: VectorOperation = {
    affine: true,
    length: n,
    forward: ([v]) => mapVector(v!, (value, i) => (value - mean![i]!) * factor(i) + bias![i]!),
    backward: (dY) => [mapVector(dY, (d, i) => d * factor(i))],
  };
  return { operation, shape: x.shape };
}

export function layerNormStep(node: OnnxNode, x: Slot, constant: ConstantInput): StepResult {
  const n = length(x.shape);
  const rank = x.shape.length + 1;
  const axis = (intAttribute(node, 'axis', -1) + rank) % rank;
  if (axis === 0 || length(x.shape.slice(axis - 1)) !== n) return 'it does not normalise over the channels';
  const scale = constant(1);
  const bias = node.inputs[2] ? constant(2) : undefined;
  if (scale?.values.length !== n || (node.inputs[2] && bias?.values.length !== n)) {
    return 'its scale is not constant';
  }
  const operation = layerNormOperation(
    Float64Array.from(scale.values),
    bias && Float64Array.from(bias.values),
    floatAttribute(node, 'epsilon', 1e-5),
  );
  return { operation, shape: x.shape };
}

export function reduceStep(op: Reduction, node: OnnxNode, x: Slot, constant: ConstantInput): StepResult {
  const n = length(x.shape);
  const axes = intsAttribute(node, 'axes') ?? (node.inputs[1] ? axisList(constant(1)?.values) : undefined);
  if (!axes) return 'its axes are not constant';
  const rank = x.shape.length + 1;
  const reduced = new Set(axes.map((axis) => (axis + rank) % rank));
  const whole = !reduced.has(0) && x.shape.every((extent, i) => extent === 1 || reduced.has(i + 1));
  if (!whole) return 'it does not reduce all channels';
  const keep = intAttribute(node, 'keepdims', 1) === 1;
  const shape = keep
    ? x.shape.map((extent, i) => (reduced.has(i + 1) ? 1 : extent))
    : x.shape.filter((_, i) => !reduced.has(i + 1));
  return { operation: reduceOperation(op, n), shape };
}

function axisList(values: Float32Array | undefined): readonly number[] | undefined {
  return values && Array.from(values);
}
