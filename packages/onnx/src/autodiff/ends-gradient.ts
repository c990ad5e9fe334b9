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

/** Of nodes that are put into a graph to end gradients: what a forward model has in their place is an Identity. */
export const STOP_DOMAIN = 'hybridcam.stop';

/** True where no gradient passes, by definition of the operator: comparisons, roundings, casts to integers, shapes. */
export function endsGradient(node: OnnxNode): boolean {
  if (node.domain !== '') return node.domain === STOP_DOMAIN;
  if (node.opType === 'Cast') {
    const to = node.attributes.get('to');
    return to?.kind === 'int' && !isFloatType(dataTypeName(to.value));
  }
  return ZERO_GRADIENT.has(node.opType);
}
