import { axesFrom, product } from '../axes.ts';
import { multiply, reshape } from '../emit-math.ts';
import { normalizedAdjoint } from '../normalized.ts';
import type { Rule } from '../rule.ts';

/** Y = scale · X̂ + bias, groups of channels normalised together. Scale is per group in opset 18, per channel from 21 on. */
export const groupNormalization: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const shape = context.shape(context.inputs[0]!);
    const channels = shape[1]!;
    const groups = context.int('num_groups', 0);
    if (groups < 1 || channels % groups !== 0)
      context.refuse(`its num_groups is ${groups} of ${channels} channels`);
    const cells = product(shape.slice(2));
    const scale = context.x(1);
    const perChannel =
      context.shape(context.inputs[1]!)[0] === channels
        ? reshape(emit, scale, [1, groups, channels / groups, 1])
        : reshape(emit, scale, [1, groups, 1, 1]);
    const grouped = (tensor: string): string => reshape(emit, tensor, [-1, groups, channels / groups, cells]);
    const cotangent = multiply(emit, grouped(context.dY), perChannel);
    const epsilon = context.float('epsilon', 1e-5);
    const result = normalizedAdjoint(emit, grouped(context.x()), cotangent, axesFrom(2, 4), epsilon);
    return [context.reshapeLike(result, context.inputs[0]!)];
  },
};
