import { positiveAxis } from '../axes.ts';
import type { Rule } from '../rule.ts';

/** Each output cell picks its own cell along one axis: dX adds the cotangents up there. */
export const gatherElements: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const shape = context.shape(context.inputs[0]!);
    const axis = positiveAxis(context.int('axis', 0), shape.length);
    const indices = (context.values(1) ?? []).map((index) => positiveAxis(index, shape[axis]!));
    const zeros = emit.op('ConstantOfShape', [emit.integers(shape)]);
    const at = emit.integers(indices, context.shape(context.inputs[1]!));
    return [emit.op('ScatterElements', [zeros, at, context.dY], { axis, reduction: 'add' })];
  },
};
