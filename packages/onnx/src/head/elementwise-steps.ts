import { floatAttribute } from '../graph/attributes.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import { constantOperation, pairOperation } from './elementwise.ts';
import { type Comparison, comparisonOperation, expandOperation, whereOperation } from './selection.ts';
import { broadcast, type ConstantInput, length, type Slot, type StepResult } from './step-context.ts';
import { mapVector, type VectorOperation } from './vector-step.ts';

export function binaryStep(
  node: OnnxNode,
  active: readonly (Slot | undefined)[],
  constant: ConstantInput,
): StepResult {
  const op = node.opType as 'Add' | 'Sub' | 'Mul' | 'Div';
  const [a, b] = active;
  if (a && b) {
    const [small, large] = length(a.shape) <= length(b.shape) ? [a, b] : [b, a];
    const alike = a.shape.join() === b.shape.join();
    // A number per image meets every channel; axes are matched from the back, so it must have as many.
    const scalar = length(small.shape) === 1 && small.shape.length === large.shape.length;
    if (!alike && !scalar) return `its inputs have different shapes [${a.shape}] and [${b.shape}]`;
    return { operation: pairOperation(op, length(a.shape), length(b.shape)), shape: large.shape };
  }
  const x = (a ?? b)!;
  const other = constant(a ? 1 : 0);
  const values = other && broadcast(other, x.shape);
  if (!values) return 'its other input is not a constant that fits the channels';
  return { operation: constantOperation(op, values, !a), shape: x.shape };
}

/** Where(condition, a, b), the condition from the image, a and b from the image or constant. */
export function whereStep(active: readonly (Slot | undefined)[], constant: ConstantInput): StepResult {
  const [condition, ...branches] = active;
  if (!condition) return 'its condition does not depend on the image';
  const { shape } = condition;
  const constants = branches.map((slot, i) => {
    const value = slot ? undefined : constant(i + 1);
    return value && broadcast(value, shape);
  });
  const fits = branches.every((slot, i) => (slot ? slot.shape.join() === shape.join() : constants[i]));
  if (!fits) return 'its inputs have different shapes';
  return { operation: whereOperation(length(shape), constants), shape };
}

export function expandStep(x: Slot, shape: readonly number[] | undefined): StepResult {
  const n = length(x.shape);
  if (!shape || (n !== 1 && length(shape) !== n)) return 'its result is no vector per image';
  return { operation: expandOperation(n, length(shape)), shape };
}

export function comparisonStep(op: Comparison, x: Slot, constant: ConstantInput): StepResult {
  const other = constant(1);
  const bounds = other && broadcast(other, x.shape);
  if (!bounds) return 'its bound is not constant';
  return { operation: comparisonOperation(op, bounds), shape: x.shape };
}

export function clipStep(opset: number, node: OnnxNode, x: Slot, constant: ConstantInput): StepResult {
  const n = length(x.shape);
  const bound = (i: number, name: 'min' | 'max', fallback: number): number => {
    if (opset < 11) return floatAttribute(node, name, fallback);
    return node.inputs[i] ? (constant(i)?.values[0] ?? Number.NaN) : fallback;
  };
  const low = bound(1, 'min', Number.NEGATIVE_INFINITY);
  const high = bound(2, 'max', Number.POSITIVE_INFINITY);
  if (Number.isNaN(low) || Number.isNaN(high)) return 'its bounds are not constant';
  const operation: VectorOperation = {
    affine: false,
    length: n,
    forward: ([v]) => mapVector(v!, (value) => Math.min(high, Math.max(low, value))),
    backward: (dY, [v]) => [mapVector(dY, (d, i) => (v![i]! > low && v![i]! < high ? d : 0))],
  };
  return { operation, shape: x.shape };
}

export function powStep(x: Slot, constant: ConstantInput): StepResult {
  const n = length(x.shape);
  const exponents = constant(1)?.values;
  if (exponents?.length !== 1) return 'its exponent is not one constant';
  const e = exponents[0]!;
  const operation: VectorOperation = {
    affine: false,
    length: n,
    forward: ([v]) => mapVector(v!, (value) => value ** e),
    backward: (dY, [v]) => [mapVector(dY, (d, i) => d * e * v![i]! ** (e - 1))],
  };
  return { operation, shape: x.shape };
}

export function preluStep(x: Slot, constant: ConstantInput): StepResult {
  const n = length(x.shape);
  const slope = constant(1);
  const slopes = slope && broadcast(slope, x.shape);
  if (!slopes) return 'its slope is not constant';
  const operation: VectorOperation = {
    affine: false,
    length: n,
    forward: ([v]) => mapVector(v!, (value, i) => (value > 0 ? value : slopes[i]! * value)),
    backward: (dY, [v]) => [mapVector(dY, (d, i) => (v![i]! > 0 ? d : slopes[i]! * d))],
  };
  return { operation, shape: x.shape };
}
