import { matrixAlongAxis, shaped } from '../along-axis.ts';
import { positiveAxis } from '../axes.ts';
import { fitEdges } from '../fit-edges.ts';
import type { Rule, RuleContext } from '../rule.ts';

/**
 * X with cells added around it (or cut off, where an amount is negative). Constant cells get no gradient; reflected,
 * repeated or wrapped ones give theirs back to the cell they copied, one axis after the other.
 */
export const pad: Rule = {
  differentiable: [0],
  parameters: [1, 3],
  vjp: (context) => {
    const input = context.shape(context.inputs[0]!);
    const { before, after } = amounts(context, input.length);
    const mode = context.string('mode', 'constant');
    const output = shaped(context, context.dY, context.outputs[0]!);
    if (mode === 'constant') {
      const negated = (amount: number): number => (amount === 0 ? 0 : -amount);
      return [fitEdges(context.emit, output.value, output.shape, before.map(negated), after.map(negated))];
    }
    const source = SOURCE_CELL[mode];
    // Runtimes disagree whether a wrapped copy starts from the cells that are cut off.
    if (mode === 'wrap' && [...before, ...after].some((amount) => amount < 0)) {
      context.refuse('it wraps with a negative amount');
    }
    if (!source) context.refuse(`its mode is "${mode}"`);
    let current = output;
    input.forEach((extent, axis) => {
      if (before[axis] === 0 && after[axis] === 0) return;
      const cells = output.shape[axis]!;
      const matrix = new Float32Array(extent * cells);
      for (let cell = 0; cell < cells; cell++)
        matrix[source!(cell - before[axis]!, extent) * cells + cell]! += 1;
      current = matrixAlongAxis(context, current, axis, { rows: extent, data: matrix });
    });
    return [current.value];
  },
};

/** The cell of X that position `at` (from −before to extent + after) copies. */
const SOURCE_CELL: Readonly<Record<string, (at: number, extent: number) => number>> = {
  edge: (at, extent) => Math.max(0, Math.min(extent - 1, at)),
  reflect: (at, extent) => {
    const period = Math.max(1, 2 * (extent - 1));
    const place = ((at % period) + period) % period;
    return place < extent ? place : period - place;
  },
  wrap: (at, extent) => ((at % extent) + extent) % extent,
};

/** Amounts are an attribute before opset 11 and an input since; opset 18 may name the axes. */
function amounts(context: RuleContext, rank: number): { before: number[]; after: number[] } {
  const pads = (context.opset >= 11 ? context.values(1) : context.ints('pads')) ?? [];
  const listed = context.opset >= 18 ? context.values(3) : undefined;
  const axes = listed?.map((axis) => positiveAxis(axis, rank)) ?? Array.from({ length: rank }, (_, i) => i);
  const before = new Array<number>(rank).fill(0);
  const after = new Array<number>(rank).fill(0);
  axes.forEach((axis, i) => {
    before[axis] = pads[i]!;
    after[axis] = pads[i + axes.length]!;
  });
  return { before, after };
}
