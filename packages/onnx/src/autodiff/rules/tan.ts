import { add, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = tan X: dX = dY · (1 + Y²). */
export const tan: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    return [multiply(emit, dY, add(emit, multiply(emit, context.y(), context.y()), 1))];
  },
};
