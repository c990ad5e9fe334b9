import type { Rule } from '../rule.ts';

/** The identity at inference, or at ratio 0. Training mode draws random numbers and is refused. */
export const dropout: Rule = {
  differentiable: [0],
  parameters: [1, 2],
  vjp: (context) => {
    const isTraining = context.opset >= 12 && context.has(2) && context.values(2)?.[0] !== 0;
    if (isTraining && !(context.has(1) && context.values(1)?.[0] === 0)) {
      context.refuse('it is in training mode');
    }
    return [context.dY];
  },
};
