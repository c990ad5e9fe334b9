import { axesFrom, positiveAxis } from '../axes.ts';
import { multiply, reduceSum, subtract } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';

/** Y = softmax X: dX = Y · (dY − Σ dY · Y). */
export const softmax: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit, dY } = context;
    const y = context.y();
    const inner = reduceSum(emit, multiply(emit, dY, y), softmaxAxes(context));
    return [multiply(emit, y, subtract(emit, dY, inner))];
  },
};

/** Before opset 13 the input counted as a matrix: all axes from `axis` (default 1) on are normalised together. */
export function softmaxAxes(context: RuleContext): number[] {
  const rank = context.shape(context.inputs[0]!).length;
  if (context.opset >= 13) return [positiveAxis(context.int('axis', -1), rank)];
  return axesFrom(positiveAxis(context.int('axis', 1), rank), rank);
}
