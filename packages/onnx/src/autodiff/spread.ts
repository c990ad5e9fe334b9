import { product } from './axes.ts';
import { multiply } from './emit-math.ts';
import type { RuleContext } from './rule.ts';

/**
 * The adjoint of a sum over `axes`: `value`, which has extent 1 there, repeated to the shape of `tensor`. The batch axis is
 * left to broadcasting, so the plan serves any batch.
 */
export function spreadSum(
  context: RuleContext,
  value: string,
  tensor: string,
  axes: readonly number[],
): string {
  const shape = context.shape(tensor);
  if (axes.every((axis) => shape[axis] === 1)) return value;
  const target = shape.map((extent, axis) => (axes.includes(axis) ? extent : 1));
  return context.emit.op('Expand', [value, context.emit.integers(target)]);
}

/** The adjoint of a mean over `axes`. */
export function spreadMean(
  context: RuleContext,
  value: string,
  tensor: string,
  axes: readonly number[],
): string {
  const count = product(axes.map((axis) => context.shape(tensor)[axis]!));
  return spreadSum(context, multiply(context.emit, value, 1 / count), tensor, axes);
}
