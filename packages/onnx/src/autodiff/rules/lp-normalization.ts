import { positiveAxis } from '../axes.ts';
import { divide, multiply, reduceSum, subtract } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = X / ‖X‖ₚ along an axis, p = 1 or 2: dX = (dY − s · Σ dY · Y) / ‖X‖ with s = sign X or Y. */
export const lpNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const x = context.x();
    const axes = [positiveAxis(context.int('axis', -1), context.shape(context.inputs[0]!).length)];
    const isL1 = context.int('p', 2) === 1;
    const norm = isL1
      ? reduceSum(emit, emit.op('Abs', [x]), axes)
      : emit.op('Sqrt', [reduceSum(emit, multiply(emit, x, x), axes)]);
    const along = isL1 ? emit.op('Sign', [x]) : context.y();
    const projection = multiply(emit, along, reduceSum(emit, multiply(emit, dY, context.y()), axes));
    return [divide(emit, subtract(emit, dY, projection), norm)];
  },
};
