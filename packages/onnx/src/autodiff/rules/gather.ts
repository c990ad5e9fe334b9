import { positiveAxis, product } from '../axes.ts';
import { padWithZeros, reshape } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/**
 * Cells of one axis picked by indices: dX adds each cotangent up at its index. A single index or a run of neighbours becomes
 * zero padding; anything else a product with the indices' one-hot matrix.
 */
export const gather: Rule = {
  differentiable: [0],
  parameters: [1],
  vjp: (context) => {
    const { emit } = context;
    const input = context.inputs[0]!;
    const shape = context.shape(input);
    const axis = positiveAxis(context.int('axis', 0), shape.length);
    const extent = shape[axis]!;
    const indices = (context.values(1) ?? []).map((index) => positiveAxis(index, extent));
    if (indices.length === 0) context.refuse('it picks nothing');
    const growing = context.batchAxis(input);
    const before = growing !== undefined && growing < axis ? -1 : product(shape.slice(0, axis));
    const after = growing !== undefined && growing > axis ? -1 : product(shape.slice(axis + 1));
    const picked = reshape(emit, context.dY, [before, indices.length, after]);
    const first = indices[0]!;
    const isRun = indices.every((index, i) => index === first + i);
    const placed = isRun
      ? padWithZeros(emit, picked, [0, first, 0], [0, extent - first - indices.length, 0])
      : emit.op('MatMul', [emit.floats(oneHot(indices, extent), [1, extent, indices.length]), picked]);
    return [context.reshapeLike(placed, input)];
  },
};

function oneHot(indices: readonly number[], extent: number): Float32Array {
  const matrix = new Float32Array(extent * indices.length);
  indices.forEach((index, i) => {
    matrix[index * indices.length + i] = 1;
  });
  return matrix;
}
