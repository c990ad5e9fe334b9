import { product } from '../axes.ts';
import { divide, multiply, reshape, where } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';
import { scatterAttributes, windowOf } from '../window.ts';

/** Y = (Σ |X|ᵖ)^{1/p} over a window: dX = sign X · |X|^{p−1} · Σ dY / Y^{p−1} over the windows that X lies in. */
export const lpPool: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const window = windowOf(context, context.ints('kernel_shape') ?? []);
    const kernel = emit.floats(new Array<number>(product(window.kernel)).fill(1), [1, 1, ...window.kernel]);
    const planes = reshape(emit, lpShare(context), [-1, 1, ...window.output]);
    const scattered = emit.op('ConvTranspose', [planes, kernel], scatterAttributes(window));
    return [multiply(emit, context.reshapeLike(scattered, context.inputs[0]!), lpSlope(context))];
  },
};

/** dY / Y^{p−1}, and 0 where Y is 0. */
export function lpShare(context: RuleContext): string {
  const { emit } = context;
  const y = context.y();
  const safe = where(emit, emit.op('Greater', [y, 0]), y, 1);
  return divide(emit, context.dY, emit.op('Pow', [safe, context.int('p', 2) - 1]));
}

/** sign X · |X|^{p−1}. */
export function lpSlope(context: RuleContext): string {
  const { emit } = context;
  const x = context.x();
  return multiply(emit, emit.op('Sign', [x]), emit.op('Pow', [emit.op('Abs', [x]), context.int('p', 2) - 1]));
}
