import { add, divide, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X / (1 + |X|): dX = dY / (1 + |X|)². */
export const softsign: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const scale = add(emit, emit.op('Abs', [context.x()]), 1);
    return [divide(emit, dY, multiply(emit, scale, scale))];
  },
};
