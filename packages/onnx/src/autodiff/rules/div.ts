import { divide, multiply, negate } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = A / B: dA = dY / B, dB = −dY · Y / B, summed over broadcast axes. */
export const div: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const { emit, dY } = context;
    const [a, b] = context.inputs as [string, string];
    const shape = context.shape(context.outputs[0]!);
    const forA = (): string => divide(emit, dY, context.x(1));
    const forB = (): string => negate(emit, divide(emit, multiply(emit, dY, context.y()), context.x(1)));
    return [
      context.active[0] ? unbroadcast(context, forA(), shape, a) : undefined,
      context.active[1] ? unbroadcast(context, forB(), shape, b) : undefined,
    ];
  },
};
