import { axesFrom, positiveAxis } from './axes.ts';
import { reshape } from './emit-math.ts';
import type { RuleContext } from './rule.ts';

/**
 * Axes of a Reduce node. They are an attribute before opset 18 (ReduceSum: 13) and an input since; none means all, unless
 * `noop_with_empty_axes` says none.
 */
export function reducedAxes(context: RuleContext): number[] {
  const rank = context.shape(context.inputs[0]!).length;
  const inputSince = context.opType === 'ReduceSum' ? 13 : 18;
  const axes = context.opset >= inputSince ? context.values(1) : context.ints('axes');
  if (axes === undefined || axes.length === 0) {
    return context.int('noop_with_empty_axes', 0) !== 0 ? [] : axesFrom(0, rank);
  }
  return axes.map((axis) => positiveAxis(axis, rank));
}

/** A tensor of the reduced shape with the reduced axes back as extent 1, ready to broadcast against the input. */
export function withReducedAxes(context: RuleContext, value: string, axes: readonly number[]): string {
  if (context.int('keepdims', 1) !== 0 || axes.length === 0) return value;
  const input = context.inputs[0]!;
  const growing = context.batchAxis(input);
  const dims = context
    .shape(input)
    .map((extent, axis) => (axes.includes(axis) ? 1 : axis === growing ? -1 : extent));
  return reshape(context.emit, value, dims);
}
