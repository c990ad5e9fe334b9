import type { Draw } from './draw.ts';
import type { CaseMaker, OpInput } from './op-case.ts';

/** Which operands carry a gradient, and inputs accordingly: linear when only one does. */
function operands(
  draw: Draw,
  shapes: readonly (readonly number[])[],
): { inputs: OpInput[]; kind: 'linear' | 'smooth' } {
  const which = draw.int(1, 2 ** shapes.length - 1);
  const activeCount = shapes.filter((_, i) => which & (1 << i)).length;
  return {
    kind: activeCount === 1 ? 'linear' : 'smooth',
    inputs: shapes.map((dims, i) => {
      const values = activeCount === 1 ? 'whole' : 'normal';
      return which & (1 << i) ? { active: dims, values } : { floats: dims, values };
    }),
  };
}

const matmul: CaseMaker = (draw, opset) => {
  const [m, k, n] = [draw.int(1, 4), draw.int(1, 5), draw.int(1, 4)];
  const batch = draw.pick([[], [], [2], [2, 3]]);
  const thinned = batch
    .map((extent) => (draw.chance(0.3) ? 1 : extent))
    .slice(draw.pick([0, 0, batch.length]));
  const [left, right] = draw.chance(0.5) ? [batch, thinned] : [thinned, batch];
  const a = draw.chance(0.15) ? [k] : [...left, m, k];
  const b = draw.chance(0.15) ? [k] : [...right, k, n];
  return { op: 'MatMul', opset, ...operands(draw, [a, b]) };
};

const gemm: CaseMaker = (draw, opset) => {
  const [m, k, n] = [draw.int(1, 4), draw.int(1, 5), draw.int(1, 4)];
  const [transA, transB] = [draw.int(0, 1), draw.int(0, 1)];
  const c = draw.pick([[n], [m, n], [1, n], [m, 1], [1], []]);
  const { inputs, kind } = operands(draw, [
    transA ? [k, m] : [m, k],
    transB ? [n, k] : [k, n],
    ...(opset < 11 || draw.chance(0.6) ? [c] : []),
  ]);
  return {
    op: 'Gemm',
    opset,
    kind,
    attributes: {
      transA,
      transB,
      alpha: { float: draw.pick([1, 2, 0.5]) },
      beta: { float: draw.pick([1, 3]) },
    },
    inputs,
  };
};

const EQUATIONS: readonly { equation: string; shapes: readonly (readonly number[])[] }[] = [
  {
    equation: 'ij,jk->ik',
    shapes: [
      [3, 4],
      [4, 2],
    ],
  },
  {
    equation: 'ij,jk',
    shapes: [
      [3, 4],
      [4, 2],
    ],
  },
  {
    equation: 'bhid,bhjd->bhij',
    shapes: [
      [2, 3, 4, 5],
      [2, 3, 2, 5],
    ],
  },
  {
    equation: 'bhij,bhjd->bhid',
    shapes: [
      [2, 3, 4, 5],
      [2, 3, 5, 2],
    ],
  },
  {
    equation: 'bchw,bcuw->bhu',
    shapes: [
      [2, 3, 4, 5],
      [2, 3, 2, 5],
    ],
  },
  { equation: 'ij,k->i', shapes: [[3, 4], [2]] },
  { equation: 'bij->bji', shapes: [[2, 3, 4]] },
  { equation: 'bij->b', shapes: [[2, 3, 4]] },
  { equation: 'i,j->ij', shapes: [[3], [4]] },
  {
    equation: 'ab,bc,cd->ad',
    shapes: [
      [2, 3],
      [3, 4],
      [4, 2],
    ],
  },
  { equation: 'ii->i', shapes: [[3, 3]] },
  {
    equation: '...ij,...jk->...ik',
    shapes: [
      [2, 3, 4],
      [2, 4, 2],
    ],
  },
];

const einsum: CaseMaker = (draw, opset) => {
  const { equation, shapes } = draw.pick(EQUATIONS);
  return { op: 'Einsum', opset, attributes: { equation }, ...operands(draw, shapes) };
};

const attention: CaseMaker = (draw, opset) => {
  const [batch, heads, rows, columns] = [draw.int(1, 2), draw.int(1, 3), draw.int(1, 4), draw.int(2, 4)];
  const [size, valueSize] = [draw.int(1, 4), draw.int(1, 4)];
  const split = draw.chance(0.5);
  const dims = (tokens: number, extent: number): number[] =>
    split ? [batch, heads, tokens, extent] : [batch, tokens, heads * extent];
  const { inputs } = operands(draw, [dims(rows, size), dims(columns, size), dims(columns, valueSize)]);
  const normal = inputs.map((input) => ({ ...input, values: 'normal' }) as OpInput);
  const mask = draw.pick(['none', 'none', 'float', 'bool'] as const);
  const causal = draw.int(0, 1);
  return {
    op: 'Attention',
    opset,
    kind: 'smooth',
    attributes: {
      ...(split ? {} : { q_num_heads: heads, kv_num_heads: heads }),
      ...(draw.chance(0.5) ? { scale: { float: draw.uniform(0.3, 1.5) } } : {}),
      is_causal: causal,
    },
    inputs: [
      ...normal,
      ...(mask === 'float' ? [{ floats: [rows, columns], values: 'normal' as const }] : []),
      // A row without a single open column has no softmax.
      ...(mask === 'bool' ? [{ booleans: [1, columns], open: 0 }] : []),
    ],
  };
};

export const productCases: Readonly<Record<string, { since: number; make: CaseMaker; weight: number }>> = {
  MatMul: { since: 7, make: matmul, weight: 6 },
  Gemm: { since: 7, make: gemm, weight: 6 },
  Einsum: { since: 12, make: einsum, weight: 4 },
  Attention: { since: 23, make: attention, weight: 5 },
};
