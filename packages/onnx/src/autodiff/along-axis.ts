import { product } from './axes.ts';
import { padWithZeros, reshape } from './emit-math.ts';
import type { RuleContext } from './rule.ts';

/** A cotangent on its way back, with the shape it has now; `growing` is the axis that follows the batch. */
export interface Shaped {
  readonly value: string;
  readonly shape: readonly number[];
  readonly growing: number | undefined;
}

export function shaped(context: RuleContext, value: string, tensor: string): Shaped {
  return { value, shape: context.shape(tensor), growing: context.batchAxis(tensor) };
}

/** [before, extent, after] around one axis; the side that holds the batch is left to ONNX's −1. */
function folded(shape: readonly number[], growing: number | undefined, axis: number): [number, number] {
  const before = growing !== undefined && growing < axis ? -1 : product(shape.slice(0, axis));
  const after = growing !== undefined && growing > axis ? -1 : product(shape.slice(axis + 1));
  return [before, after];
}

function restored(
  context: RuleContext,
  value: string,
  shape: readonly number[],
  growing: number | undefined,
): Shaped {
  const dims = shape.map((extent, axis) => (axis === growing ? -1 : extent));
  return { value: reshape(context.emit, value, dims), shape, growing };
}

/** Multiplies by a matrix [rows, extent] along one axis, which then has `rows` cells. */
export function matrixAlongAxis(
  context: RuleContext,
  { value, shape, growing }: Shaped,
  axis: number,
  matrix: { readonly rows: number; readonly data: ArrayLike<number> },
): Shaped {
  const { emit } = context;
  const extent = shape[axis]!;
  const [before, after] = folded(shape, growing, axis);
  const constant = emit.floats(matrix.data, [1, matrix.rows, extent]);
  const result = emit.op('MatMul', [constant, reshape(emit, value, [before, extent, after])]);
  return restored(context, result, withExtent(shape, axis, matrix.rows), growing);
}

/** Puts `step − 1` zeros after each cell of one axis. */
export function spreadAlongAxis(
  context: RuleContext,
  { value, shape, growing }: Shaped,
  axis: number,
  step: number,
): Shaped {
  if (step === 1) return { value, shape, growing };
  const extent = shape[axis]!;
  const [before, after] = folded(shape, growing, axis);
  const open = reshape(context.emit, value, [before, extent, 1, after]);
  const spread = padWithZeros(context.emit, open, [0, 0, 0, 0], [0, 0, step - 1, 0]);
  return restored(context, spread, withExtent(shape, axis, extent * step), growing);
}

/** The parts' cells in turn along one axis: the first of each, then the second of each … */
export function interleaveAlongAxis(context: RuleContext, parts: readonly Shaped[], axis: number): Shaped {
  const { shape, growing } = parts[0]!;
  if (parts.length === 1) return parts[0]!;
  const extent = shape[axis]!;
  const [before, after] = folded(shape, growing, axis);
  const open = parts.map(({ value }) => reshape(context.emit, value, [before, extent, 1, after]));
  const joined = context.emit.op('Concat', open, { axis: 2 });
  return restored(context, joined, withExtent(shape, axis, extent * parts.length), growing);
}

function withExtent(shape: readonly number[], axis: number, extent: number): number[] {
  return shape.map((old, i) => (i === axis ? extent : old));
}
