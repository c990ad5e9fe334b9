import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = A · B: dA = dY · B, dB = dY · A, summed over broadcast axes. */
export const mul: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const { emit, dY } = context;
    const shape = context.shape(context.outputs[0]!);
    return context.inputs.map((operand, i) =>
      context.active[i]
        ? unbroadcast(context, multiply(emit, dY, context.x(1 - i)), shape, operand)
        : undefined,
    );
  },
};
