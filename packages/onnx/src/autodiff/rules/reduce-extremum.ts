import { divide, mask, multiply, reduceSum } from '../emit-math.ts';
import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';

/** ReduceMax and ReduceMin: dY goes to the cells that equal Y, shared evenly among ties as PyTorch's amax does. */
export const reduceExtremum: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const axes = reducedAxes(context);
    const wins = mask(emit, 'Equal', context.x(), withReducedAxes(context, context.y(), axes));
    const share = divide(emit, withReducedAxes(context, context.dY, axes), reduceSum(emit, wins, axes));
    return [multiply(emit, wins, share)];
  },
};
