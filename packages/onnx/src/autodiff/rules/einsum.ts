import { reshape } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';

/**
 * Y by Einstein summation: the cotangent of an operand is the summation of dY with the other operands, its own labels as
 * the result; a label that occurs in no other term was summed out and is broadcast back. Repeated labels within one operand,
 * and ellipses that broadcast, are refused.
 */
export const einsum: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const { terms, output } = parsed(context, withoutEllipsis(context));
    return terms.map((labels, i) => {
      if (!context.active[i]) return undefined;
      const others = terms.flatMap((_, j) => (j === i ? [] : [j]));
      const available = new Set([...output, ...others.flatMap((j) => [...(terms[j] ?? '')])]);
      const kept = [...labels].filter((label) => available.has(label)).join('');
      const operands = [context.dY, ...others.map((j) => context.x(j))];
      const sources = [output, ...others.map((j) => terms[j]!)];
      const result = context.emit.op('Einsum', operands, { equation: `${sources.join(',')}->${kept}` });
      return kept === labels ? result : withSummedLabels(context, result, labels, kept, context.inputs[i]!);
    });
  },
};

/** The equation with letters of its own for the axes behind `...`. */
function withoutEllipsis(context: RuleContext): string {
  const equation = context.string('equation', '').replaceAll(' ', '');
  if (!equation.includes('...')) return equation;
  const terms = equation.split('->')[0]!.split(',');
  const hidden = terms.flatMap((term, i) => {
    if (!term.includes('...')) return [];
    const shape = context.shape(context.inputs[i]!);
    const start = term.indexOf('...');
    return [shape.slice(start, shape.length - (term.length - 3 - start))];
  });
  if (!equation.includes('->') || hidden.some((extents) => extents.join() !== hidden[0]!.join())) {
    context.refuse(`its equation "${equation}" has an ellipsis that broadcasts, or no result`);
  }
  const free = [...'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'].filter(
    (l) => !equation.includes(l),
  );
  return equation.replaceAll('...', free.slice(0, hidden[0]!.length).join(''));
}

function parsed(context: RuleContext, equation: string): { terms: string[]; output: string } {
  const [left = '', right] = equation.split('->');
  const terms = left.split(',');
  if (terms.some((labels) => new Set(labels).size !== labels.length)) {
    context.refuse(`its equation "${equation}" takes a diagonal`);
  }
  const all = terms.join('');
  // Without an arrow the result has the labels that occur once, in alphabetical order.
  const implicit = [...new Set(all)].filter((label) => all.split(label).length === 2).sort();
  return { terms, output: right ?? implicit.join('') };
}

function withSummedLabels(
  context: RuleContext,
  value: string,
  labels: string,
  kept: string,
  operand: string,
): string {
  const shape = context.shape(operand);
  const growing = context.batchAxis(operand);
  const open = [...labels].map((label, axis) => {
    if (!kept.includes(label)) return 1;
    return axis === growing ? -1 : shape[axis]!;
  });
  const repeat = [...labels].map((label, axis) => (kept.includes(label) ? 1 : shape[axis]!));
  return context.emit.op('Expand', [reshape(context.emit, value, open), context.emit.integers(repeat)]);
}
