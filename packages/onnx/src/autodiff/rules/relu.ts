import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Y = max(X, 0): dX = dY · [Y > 0]. The mask comes from Y: reading X would break ONNX Runtime's fused Conv + Relu. */
export const relu: Rule = {
  differentiable: [0],
  vjp: (context) => [multiply(context.emit, context.dY, context.positive(context.outputs[0]!))],
};
