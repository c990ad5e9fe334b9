import { where as select } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = A where the condition holds, else B: dY goes to the operand that was taken. */
export const where: Rule = {
  differentiable: [1, 2],
  vjp: (context) => {
    const { emit, dY } = context;
    const [condition, a, b] = context.inputs as [string, string, string];
    const shape = context.shape(context.outputs[0]!);
    const taken = context.readBoolean(condition);
    return [
      undefined,
      context.active[1] ? unbroadcast(context, select(emit, taken, dY, 0), shape, a) : undefined,
      context.active[2] ? unbroadcast(context, select(emit, taken, 0, dY), shape, b) : undefined,
    ];
  },
};
