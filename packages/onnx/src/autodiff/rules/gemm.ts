import { multiply } from '../emit-math.ts';
import type { Rule } from '../rule.ts';
import { unbroadcast } from '../unbroadcast.ts';

/** Y = α · A′ · B′ + β · C with A′, B′ transposed on request: one Gemm per active factor, in each of the four cases. */
export const gemm: Rule = {
  differentiable: 'all',
  vjp: (context) => {
    const { emit, dY } = context;
    const transA = context.int('transA', 0);
    const transB = context.int('transB', 0);
    const alpha = { float: context.float('alpha', 1) };
    const forA = (): string =>
      transA
        ? emit.op('Gemm', [context.x(1), dY], { transA: transB, transB: 1, alpha })
        : emit.op('Gemm', [dY, context.x(1)], { transA: 0, transB: transB ? 0 : 1, alpha });
    const forB = (): string =>
      transB
        ? emit.op('Gemm', [dY, context.x(0)], { transA: 1, transB: transA, alpha })
        : emit.op('Gemm', [context.x(0), dY], { transA: transA ? 0 : 1, transB: 0, alpha });
    const forC = (): string =>
      unbroadcast(
        context,
        multiply(emit, dY, context.float('beta', 1)),
        context.shape(context.outputs[0]!),
        context.inputs[2]!,
      );
    return [
      context.active[0] ? forA() : undefined,
      context.active[1] ? forB() : undefined,
      context.active[2] ? forC() : undefined,
    ];
  },
};
