import { reshape, transpose } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Blocks of cells moved into channels: a permutation, undone for dX. */
export const spaceToDepth: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const [, channels, height, width] = context.shape(context.inputs[0]!) as [number, number, number, number];
    const block = context.int('blocksize', 1);
    const parts = reshape(emit, context.dY, [-1, block, block, channels, height / block, width / block]);
    return [reshape(emit, transpose(emit, parts, [0, 3, 4, 1, 5, 2]), [-1, channels, height, width])];
  },
};
