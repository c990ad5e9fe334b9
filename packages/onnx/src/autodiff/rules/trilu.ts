import type { Rule } from '../rule.ts';

/** The upper or lower triangle, zeros elsewhere: so is dX. */
export const trilu: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const diagonal = emit.integers([context.values(1)?.[0] ?? 0], []);
    return [emit.op('Trilu', [context.dY, diagonal], { upper: context.int('upper', 1) })];
  },
};
