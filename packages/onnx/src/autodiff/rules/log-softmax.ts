import { multiply, reduceSum, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { softmaxAxes } from './softmax.ts';

/** Y = log softmax X: dX = dY − eʸ · Σ dY. */
export const logSoftmax: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const total = reduceSum(emit, dY, softmaxAxes(context));
    return [subtract(emit, dY, multiply(emit, emit.op('Exp', [context.y()]), total))];
  },
};
