import { divide } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = ln X: dX = dY / X. */
export const log: Rule = {
  differentiable: [0],
  vjp: (context) => [divide(context.emit, context.dY, context.x())],
};
