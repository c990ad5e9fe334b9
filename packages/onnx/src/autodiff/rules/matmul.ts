import { reshape, transpose } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/**
 * Y = A · B over broadcast batch axes: dA = dY · Bᵀ, dB = Aᵀ · dY. A vector operand counts as one row (A) or one column (B),
 * as NumPy's matmul has it.
 */
export const matmul: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const { emit } = context;
    const [a, b] = context.inputs as [string, string];
    const shapeA = matrixShape(context.shape(a), 'row');
    const shapeB = matrixShape(context.shape(b), 'column');
    const vectors = context.shape(a).length < 2 || context.shape(b).length < 2;
    const [m, k, n] = [shapeA.at(-2)!, shapeA.at(-1)!, shapeB.at(-1)!];
    const output = context.outputs[0]!;
    const batch = context.shape(output).slice(0, context.shape(output).length - missingAxes(context));
    const dY = vectors ? reshape(emit, context.dY, [...restoredBatch(context, batch), m, n]) : context.dY;
    const matrix = (tensor: string, shape: readonly number[]): string =>
      context.shape(tensor).length < 2 ? reshape(emit, context.read(tensor), shape) : context.read(tensor);
    const flipped = (tensor: string, shape: readonly number[]): string =>
      transpose(emit, matrix(tensor, shape), lastTwoSwapped(shape.length));
    return [
      context.active[0]
        ? fit(context, emit.op('MatMul', [dY, flipped(b, shapeB)]), [...batch, m, k], a)
        : undefined,
      context.active[1]
        ? fit(context, emit.op('MatMul', [flipped(a, shapeA), dY]), [...batch, k, n], b)
        : undefined,
    ];
  },
};

function matrixShape(shape: readonly number[], vectorIs: 'row' | 'column'): readonly number[] {
  if (shape.length >= 2) return shape;
  return vectorIs === 'row' ? [1, shape[0]!] : [shape[0]!, 1];
}

/** Matrix axes that the output still has: a vector operand's own axis is dropped. */
function missingAxes(context: RuleContext): number {
  return context.inputs.filter((tensor) => context.shape(tensor).length >= 2).length;
}

function restoredBatch(context: RuleContext, batch: readonly number[]): number[] {
  const growing = context.batchAxis(context.outputs[0]!);
  return batch.map((extent, axis) => (axis === growing ? -1 : extent));
}

function fit(context: RuleContext, value: string, from: readonly number[], tensor: string): string {
  if (context.shape(tensor).length >= 2) return unbroadcast(context, value, from, tensor);
  const summed =
    from.length > 2
      ? context.emit.op('ReduceSum', [value, context.emit.integers(from.slice(2).map((_, i) => i))], {
          keepdims: 0,
        })
      : value;
  return context.reshapeLike(summed, tensor);
}

export function lastTwoSwapped(rank: number): number[] {
  return Array.from({ length: rank }, (_, i) => (i === rank - 1 ? rank - 2 : i === rank - 2 ? rank - 1 : i));
}
