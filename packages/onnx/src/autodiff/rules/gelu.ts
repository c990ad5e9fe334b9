import { add, multiply, subtract } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';

/** Y = X Φ(X): dX = dY · (Φ(X) + X φ(X)), exact or with the tanh approximation as the node says. */
export const gelu: Rule = {
  differentiable: [0],
  vjp: (context) => [
    multiply(
      context.emit,
      context.dY,
      context.string('approximate', 'none') === 'tanh' ? tanhSlope(context) : exactSlope(context),
    ),
  ],
};

function exactSlope(context: RuleContext): string {
  const { emit } = context;
  const x = context.x();
  const cdf = multiply(emit, add(emit, emit.op('Erf', [multiply(emit, x, Math.SQRT1_2)]), 1), 0.5);
  const density = emit.op('Exp', [multiply(emit, x, x, -0.5)]);
  return add(emit, cdf, multiply(emit, x, density, 1 / Math.sqrt(2 * Math.PI)));
}

function tanhSlope(context: RuleContext): string {
  const { emit } = context;
  const x = context.x();
  const scale = Math.sqrt(2 / Math.PI);
  const square = multiply(emit, x, x);
  const t = emit.op('Tanh', [multiply(emit, x, scale, add(emit, multiply(emit, square, 0.044715), 1))]);
  const inner = multiply(emit, add(emit, multiply(emit, square, 3 * 0.044715), 1), scale);
  const rise = multiply(emit, x, 0.5, subtract(emit, 1, multiply(emit, t, t)), inner);
  return add(emit, multiply(emit, add(emit, t, 1), 0.5), rise);
}
