import { axesFrom } from '../axes.ts';
import { divide, mask, multiply, reduceSum } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = max over all cells: dY goes to the cells that equal Y, shared evenly among ties as PyTorch's amax does. */
export const globalMaxPool: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const wins = mask(emit, 'Equal', context.x(), context.y());
    const winners = reduceSum(emit, wins, axesFrom(2, context.shape(context.inputs[0]!).length));
    return [multiply(emit, wins, divide(emit, context.dY, winners))];
  },
};
