import { mask, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X ∓ bias beyond ±λ, 0 between: dX = dY · [|X| > λ]. */
export const shrink: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const lambda = context.float('lambd', 0.5);
    if (lambda < 0) context.refuse(`its attribute lambd is negative (${lambda})`);
    return [multiply(emit, dY, mask(emit, 'Greater', emit.op('Abs', [context.x()]), lambda))];
  },
};
