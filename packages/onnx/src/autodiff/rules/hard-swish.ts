import { add, mask, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X · h with h = clamp(X/6 + ½, 0, 1): dX = dY · (h + X/6 · [0 < h < 1]). */
export const hardSwish: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const x = context.x();
    const h = emit.op('HardSigmoid', [x], { alpha: { float: 1 / 6 }, beta: { float: 0.5 } });
    const inside = multiply(emit, mask(emit, 'Greater', h, 0), mask(emit, 'Less', h, 1));
    return [multiply(emit, dY, add(emit, h, multiply(emit, x, 1 / 6, inside)))];
  },
};
