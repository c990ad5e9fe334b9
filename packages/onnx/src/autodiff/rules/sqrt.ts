import { divide, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = √X: dX = dY / 2Y. */
export const sqrt: Rule = {
  differentiable: [0],
  vjp: (context) => [divide(context.emit, multiply(context.emit, context.dY, 0.5), context.y())],
};
