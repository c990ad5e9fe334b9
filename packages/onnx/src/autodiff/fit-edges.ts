import { padWithZeros, slice } from './emit-math.ts';
import type { Emitter } from './emitter.ts';

/**
 * Adds zeros at the ends of each axis, or cuts cells off where the amount is negative. Cuts are slices: not every execution
 * provider takes negative pads.
 */
export function fitEdges(
  emit: Emitter,
  value: string,
  shape: readonly number[],
  before: readonly number[],
  after: readonly number[],
): string {
  const cut = shape.flatMap((_, axis) => (before[axis]! < 0 || after[axis]! < 0 ? [axis] : []));
  const kept = slice(
    emit,
    value,
    cut,
    cut.map((axis) => Math.max(0, -before[axis]!)),
    cut.map((axis) => shape[axis]! + Math.min(0, after[axis]!)),
  );
  const positive = (amount: number): number => Math.max(0, amount);
  return padWithZeros(emit, kept, before.map(positive), after.map(positive));
}
