import { reshape, transpose } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** Blocks of channels laid out as cells: a permutation, undone for dX. Both channel orders, DCR and CRD. */
export const depthToSpace: Rule = {
  differentiable: [0],
  vjp: (context) => {
    const { emit } = context;
    const [, channels, height, width] = context.shape(context.inputs[0]!) as [number, number, number, number];
    const block = context.int('blocksize', 1);
    const depth = channels / block ** 2;
    const cells = reshape(emit, context.dY, [-1, depth, height, block, width, block]);
    const byDepth = context.string('mode', 'DCR') === 'CRD';
    const order = byDepth ? [0, 1, 3, 5, 2, 4] : [0, 3, 5, 1, 2, 4];
    return [reshape(emit, transpose(emit, cells, order), [-1, channels, height, width])];
  },
};
