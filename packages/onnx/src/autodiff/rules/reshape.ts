import type { Rule } from '../rule.ts';

/** Flatten, Reshape, Squeeze, Unsqueeze: the same values in another shape; dX is dY in X's shape. */
export const reshape: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => [context.reshapeLike(context.dY, context.inputs[0]!)],
};
