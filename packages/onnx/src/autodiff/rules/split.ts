import { positiveAxis } from '../axes.ts';
import { padWithZeros } from '../emit-math.ts';
import type { Rule } from '../rule.ts';

/** X cut into parts: dX is the parts' cotangents end to end, zeros where nothing depends on a part. */
export const split: Rule = {
  differentiable: [0],
  everyOutput: true,
  vjp: (context) => {
    const { emit, cotangents } = context;
    const shape = context.shape(context.inputs[0]!);
    const axis = positiveAxis(context.int('axis', 0), shape.length);
    const extents = context.outputs.map((output) => context.shape(output)[axis]!);
    const used = cotangents.flatMap((cotangent, i) => (cotangent === undefined ? [] : [{ cotangent, i }]));
    // Runs of unused parts become padding of the part before them: no zeros of the whole shape are needed.
    const parts = used.map(({ cotangent, i }, place) => {
      const next = used[place + 1]?.i ?? extents.length;
      const before = shape.map((_, a) => (a === axis && place === 0 ? total(extents.slice(0, i)) : 0));
      const after = shape.map((_, a) => (a === axis ? total(extents.slice(i + 1, next)) : 0));
      return padWithZeros(emit, cotangent, before, after);
    });
    return [parts.length === 1 ? parts[0] : emit.op('Concat', parts, { axis })];
  },
};

function total(extents: readonly number[]): number {
  return extents.reduce((sum, extent) => sum + extent, 0);
}
