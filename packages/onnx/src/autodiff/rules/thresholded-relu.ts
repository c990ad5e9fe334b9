import { mask, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X for X > α, else 0: dX = dY · [X > α]. */
export const thresholdedRelu: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [multiply(emit, dY, mask(emit, 'Greater', context.x(), context.float('alpha', 1)))];
  },
};
