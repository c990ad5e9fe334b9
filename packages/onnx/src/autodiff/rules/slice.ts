import { shaped, spreadAlongAxis } from '../along-axis.ts';
import { positiveAxis } from '../axes.ts';
import { reverse } from '../emit-math.ts';
import { fitEdges } from '../fit-edges.ts';
import type { Rule, RuleContext } from '../rule.ts';

/**
 * Every step-th cell from start on: dX has dY at those cells and zeros elsewhere. A step above 1 is undone by inserting
 * zeros, a negative one by reversing first.
 */
export const slice: Rule = {
  differentiable: [0],
  parameters: [1, 2, 3, 4],
  vjp: (context) => {
    const input = context.shape(context.inputs[0]!);
    const output = context.outputs[0]!;
    if (context.shape(output).includes(0)) context.refuse('its output is empty');
    const cuts = cutsOf(context, input);
    const backwards = cuts.filter(({ step }) => step < 0).map(({ axis }) => axis);
    let current = shaped(context, reverse(context.emit, context.dY, backwards), output);
    const before = input.map(() => 0);
    for (const { axis, start, step } of cuts) {
      if (axis === context.batchAxis(context.inputs[0]!)) context.fixBatch();
      const count = current.shape[axis]!;
      before[axis] = step < 0 ? start + (count - 1) * step : start;
      current = spreadAlongAxis(context, current, axis, Math.abs(step));
    }
    const after = input.map((extent, axis) => extent - before[axis]! - current.shape[axis]!);
    return [fitEdges(context.emit, current.value, current.shape, before, after)];
  },
};

/** Start and step per sliced axis. They are attributes before opset 10 and inputs since. */
function cutsOf(
  context: RuleContext,
  input: readonly number[],
): { axis: number; start: number; step: number }[] {
  const given = context.opset >= 10;
  const starts = (given ? context.values(1) : context.ints('starts')) ?? [];
  const axes = (given ? context.values(3) : context.ints('axes')) ?? starts.map((_, i) => i);
  const steps = (given ? context.values(4) : undefined) ?? starts.map(() => 1);
  return starts.map((start, i) => {
    const axis = positiveAxis(axes[i]!, input.length);
    const extent = input[axis]!;
    const step = steps[i]!;
    const first = start < 0 ? start + extent : start;
    return { axis, step, start: Math.max(0, Math.min(first, step < 0 ? extent - 1 : extent)) };
  });
}
