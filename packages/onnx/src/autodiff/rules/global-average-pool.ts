import { axesFrom } from '../axes.ts';
import type { Rule } from '../rule.ts';
import { spreadMean } from '../spread.ts';

/** Y = mean over all cells: each cell gets dY / cells. */
export const globalAveragePool: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const input = context.inputs[0]!;
    return [spreadMean(context, context.dY, input, axesFrom(2, context.shape(input).length))];
  },
};
