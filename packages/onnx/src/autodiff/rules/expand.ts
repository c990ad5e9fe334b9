import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** X repeated along axes of extent 1: dX sums over them. */
export const expand: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => [
    unbroadcast(context, context.dY, context.shape(context.outputs[0]!), context.inputs[0]!),
  ],
};
