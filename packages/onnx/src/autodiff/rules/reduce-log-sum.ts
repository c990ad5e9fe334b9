import { divide, reduceSum } from '../emit-math.ts';
import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';
import { spreadSum } from '../spread.ts';

/** Y = ln Σ X: each cell gets dY / Σ X. */
export const reduceLogSum: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const axes = reducedAxes(context);
    const share = divide(
      emit,
      withReducedAxes(context, context.dY, axes),
      reduceSum(emit, context.x(), axes),
    );
    return [spreadSum(context, share, context.inputs[0]!, axes)];
  },
};
