import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = mean of n tensors: each operand gets dY / n, summed over its broadcast axes. */
export const mean: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const shape = context.shape(context.outputs[0]!);
    const share = multiply(context.emit, context.dY, 1 / context.inputs.length);
    return context.inputs.map((operand, i) =>
      context.active[i] ? unbroadcast(context, share, shape, operand) : undefined,
    );
  },
};
