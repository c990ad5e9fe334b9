import { divide, mask, multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/**
 * Max and Min of n tensors: dY goes to the operand that equals Y; operands that tie share it evenly, as PyTorch's
 * maximum and minimum do for two.
 */
export const extremum: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const { emit, dY } = context;
    const y = context.y();
    const shape = context.shape(context.outputs[0]!);
    if (context.inputs.length === 1) return [dY];
    const wins = context.inputs.map((_, i) => mask(emit, 'Equal', context.x(i), y));
    let winners = wins[0]!;
    for (const win of wins.slice(1)) winners = emit.op('Add', [winners, win]);
    const share = divide(emit, dY, winners);
    return context.inputs.map((operand, i) =>
      context.active[i] ? unbroadcast(context, multiply(emit, share, wins[i]!), shape, operand) : undefined,
    );
  },
};
