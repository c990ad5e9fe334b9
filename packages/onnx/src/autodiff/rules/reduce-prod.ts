import { multiply } from '../emit-math.ts';
import { reducedAxes, withReducedAxes } from '../reduction.ts';
import type { Rule } from '../rule.ts';

/**
 * Y = Π X over one axis: dX = dY · Π of the other cells, multiplied out rather than as Y / X, which fails at zeros. Several
 * axes at once, or very long ones, are refused.
 */
export const reduceProd: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const axes = reducedAxes(context);
    const shape = context.shape(context.inputs[0]!);
    const wide = axes.filter((axis) => shape[axis] !== 1);
    if (wide.length > 1) context.refuse('it multiplies over several axes');
    const dY = withReducedAxes(context, context.dY, axes);
    const [axis] = wide;
    if (axis === undefined) return [dY];
    const extent = shape[axis]!;
    if (extent > 64) context.refuse(`it multiplies ${extent} values`);
    const cells = Array.from({ length: extent }, (_, i) =>
      emit.op('Slice', [context.x(), emit.integers([i]), emit.integers([i + 1]), emit.integers([axis])]),
    );
    const others = cells.map((_, i) => {
      const rest = cells.filter((_, j) => j !== i);
      return rest.slice(1).reduce((a, b) => multiply(emit, a, b), rest[0]!);
    });
    return [multiply(emit, emit.op('Concat', others, { axis }), dY)];
  },
};
