import { negate } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = A − B: dA = dY, dB = −dY, summed over broadcast axes. */
export const sub: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const { emit, dY } = context;
    const [a, b] = context.inputs as [string, string];
    const shape = context.shape(context.outputs[0]!);
    return [
      context.active[0] ? unbroadcast(context, dY, shape, a) : undefined,
      context.active[1] ? unbroadcast(context, negate(emit, dY), shape, b) : undefined,
    ];
  },
};
