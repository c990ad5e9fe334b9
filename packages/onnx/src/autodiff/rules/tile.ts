import { reshape } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** X repeated like tiles: dX sums dY over the copies. */
export const tile: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const input = context.inputs[0]!;
    const shape = context.shape(input);
    const repeats = context.values(1) ?? [];
    const growing = context.batchAxis(input);
    const split = shape.flatMap((extent, axis) => [repeats[axis]!, axis === growing ? -1 : extent]);
    const copies = shape.map((_, axis) => 2 * axis);
    const parts = reshape(emit, context.dY, split);
    return [emit.op('ReduceSum', [parts, emit.integers(copies)], { keepdims: 0 })];
  },
};
