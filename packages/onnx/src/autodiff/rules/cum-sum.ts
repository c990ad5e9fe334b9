import type { Rule } from '../rule.ts';

/** Running sums along an axis: dX is the running sum of dY from the other end. */
export const cumSum: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const [axis] = context.values(1) ?? [];
    if (axis === undefined) context.refuse('it names no axis');
    return [
      emit.op('CumSum', [context.dY, emit.integers([axis!], [])], {
        exclusive: context.int('exclusive', 0),
        reverse: context.int('reverse', 0) === 0 ? 1 : 0,
      }),
    ];
  },
};
