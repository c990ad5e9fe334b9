import { multiply, subtract, where } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/**
 * Y = Xᵉ: dX = dY · e Xᵉ⁻¹. A gradient into the exponent is refused. At e = 0 the slope is 0 also for X = 0, where the formula
 * would give 0 · ∞.
 */
export const pow: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const [base, exponent] = context.inputs as [string, string];
    const x = context.x();
    const constant = context.constant(1);
    if (constant?.length === 1 && context.shape(exponent).length <= context.shape(base).length) {
      const e = constant[0]!;
      if (e === 1) return [dY];
      if (e === 2) return [multiply(emit, dY, multiply(emit, x, 2))];
      if (e !== 0) return [multiply(emit, dY, multiply(emit, emit.op('Pow', [x, e - 1]), e))];
    }
    const e = context.x(1);
    const slope = multiply(emit, e, emit.op('Pow', [x, subtract(emit, e, 1)]));
    const isZero = emit.op('Equal', [e, 0]);
    const local = multiply(emit, dY, where(emit, isZero, 0, slope));
    return [unbroadcast(context, local, context.shape(context.outputs[0]!), base), undefined];
  },
};
