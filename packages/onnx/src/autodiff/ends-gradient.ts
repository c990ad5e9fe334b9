import { dataTypeName, isFloatType } from '../proto/data-type.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';

/** Operators whose output does not move when their input does, or not by a gradient: a path ends there. */
const ZERO_GRADIENT: ReadonlySet<string> = new Set([
  'And',
  'ArgMax',
  'ArgMin',
  'Ceil',
  'ConstantOfShape',
  'Equal',
  'EyeLike',
  'Floor',
  'Greater',
  'GreaterOrEqual',
  'Hardmax',
  'IsInf',
  'IsNaN',
  'Less',
  'LessOrEqual',
  'NonZero',
  'Not',
  'Or',
  'Round',
  'Shape',
  'Sign',
  'Size',
  'Xor',
]);

/** True where no gradient passes, by definition of the operator: comparisons, roundings, casts to integers, shapes. */
export function endsGradient(node: OnnxNode): boolean {
  if (node.domain !== '') return false;
  if (node.opType === 'Cast') {
    const to = node.attributes.get('to');
    return to?.kind === 'int' && !isFloatType(dataTypeName(to.value));
  }
  return ZERO_GRADIENT.has(node.opType);
}
