import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = clamp(αX + β, 0, 1): dX = α dY · [0 < Y < 1]. */
export const hardSigmoid: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const slope = multiply(emit, dY, context.float('alpha', 0.2));
    return [multiply(emit, slope, context.between(context.outputs[0]!, { above: 0, below: 1 }))];
  },
};
