import { multiply } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';

/**
 * Y = min(max(X, lo), hi): dX = dY · [Y > lo] · [Y < hi], zero at the bounds as PyTorch's hardtanh and ReLU6. The bounds are
 * attributes before opset 11 and inputs since.
 */
export const clip: Rule = {
  differentiable: [0],
  parameters: [1, 2],
  vjp: (context) => {
    const { emit, dY, outputs } = context;
    const [above, below] = [bound(context, 'min', 1), bound(context, 'max', 2)];
    if (above === undefined && below === undefined) return [dY];
    return [multiply(emit, dY, context.between(outputs[0]!, { above, below }))];
  },
};

function bound(context: RuleContext, attribute: 'min' | 'max', input: number): number | undefined {
  const none = attribute === 'min' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  const value =
    context.opset < 11
      ? context.float(attribute, none)
      : context.has(input)
        ? context.values(input)?.[0]
        : undefined;
  // Exporters write "no bound" as the largest float32.
  return value === undefined || Math.abs(value) > 3.4e38 ? undefined : value;
}
