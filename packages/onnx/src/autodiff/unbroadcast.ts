import { reduceSum } from './emit-math.ts';
import type { RuleContext } from './rule.ts';

/**
 * The adjoint of broadcasting: sums a cotangent of shape `from` over the axes along which `tensor` was repeated.
 */
export function unbroadcast(
  context: RuleContext,
  cotangent: string,
  from: readonly number[],
  tensor: string,
): string {
  const to = context.shape(tensor);
  const added = from.length - to.length;
  const axes = from.flatMap((extent, axis) => {
    const target = axis < added ? undefined : to[axis - added]!;
    return target === undefined || (target === 1 && extent !== 1) ? [axis] : [];
  });
  if (axes.length === 0) return cotangent;
  const summed = reduceSum(context.emit, cotangent, axes);
  return added > 0 ? context.reshapeLike(summed, tensor) : summed;
}
