import { positiveAxis } from '../axes.ts';
import { slice } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Tensors laid end to end: each active one gets its slice of dY. */
export const concat: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const rank = context.shape(context.outputs[0]!).length;
    const axis = positiveAxis(context.int('axis', 1), rank);
    let end = 0;
    return context.inputs.map((input, i) => {
      const start = end;
      end += context.shape(input)[axis]!;
      if (!context.active[i]) return undefined;
      return slice(context.emit, context.dY, [axis], [start], [end]);
    });
  },
};
