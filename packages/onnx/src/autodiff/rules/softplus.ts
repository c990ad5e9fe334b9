import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = log(1 + eˣ): dX = dY · σ(X). */
export const softplus: Rule = {
  differentiable: [0],
  vjp: (context) => [multiply(context.emit, context.dY, context.emit.op('Sigmoid', [context.x()]))],
};
