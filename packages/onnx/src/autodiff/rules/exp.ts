import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = eˣ: dX = dY · Y. */
export const exp: Rule = {
  differentiable: [0],
  vjp: (context) => [multiply(context.emit, context.dY, context.y())],
};
