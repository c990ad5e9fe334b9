import { add, multiply, reduceSum, reshape, subtract, transpose, where } from '../emit-math.ts';
import type { Rule, RuleContext } from '../rule.ts';

/**
 * Y = P · V with P = softmax(scale · Q Kᵀ + mask), per head:
 * dV = Pᵀ dY, dS = P ⊙ (dP − Σ dP ⊙ P) with dP = dY Vᵀ, dQ = scale · dS K, dK = scale · dSᵀ Q. P is recomputed: the node does not
 * hand it out. Caches, soft capping and grouped heads are refused.
 */
export const attention: Rule = {
  differentiable: [0, 1, 2],
  vjp: (context) => {
    const { emit } = context;
    assertPlain(context);
    const [q, k, v] = [0, 1, 2].map((input) => headsFirst(context, context.x(input), input)) as [
      string,
      string,
      string,
    ];
    const scale = context.float('scale', 1 / Math.sqrt(headSize(context)));
    const swapped = (value: string): string => transpose(emit, value, [0, 1, 3, 2]);
    const dY = headsFirst(context, context.dY, 0);
    const logits = multiply(emit, emit.op('MatMul', [q, swapped(k)]), scale);
    const p = emit.op('Softmax', [masked(context, logits)], { axis: -1 });
    const dP = emit.op('MatMul', [dY, swapped(v)]);
    const dS = multiply(emit, p, subtract(emit, dP, reduceSum(emit, multiply(emit, dP, p), [3])));
    const results = [
      () => multiply(emit, emit.op('MatMul', [dS, k]), scale),
      () => multiply(emit, emit.op('MatMul', [swapped(dS), q]), scale),
      () => emit.op('MatMul', [swapped(p), dY]),
    ];
    return results.map((result, input) =>
      context.active[input] ? headsBack(context, result(), input) : undefined,
    );
  },
};

function assertPlain(context: RuleContext): void {
  if (context.has(4) || context.has(5) || context.has(6)) context.refuse('it has a cache of keys and values');
  if (context.float('softcap', 0) !== 0) context.refuse('it caps its scores softly');
  const heads = [0, 1, 2].map((input) => headCount(context, input));
  if (heads.some((count) => count !== heads[0]))
    context.refuse('its queries and keys differ in their number of heads');
}

function isSplit(context: RuleContext, input: number): boolean {
  return context.shape(context.inputs[input]!).length === 4;
}

function headCount(context: RuleContext, input: number): number {
  if (isSplit(context, input)) return context.shape(context.inputs[input]!)[1]!;
  return context.int(input === 0 ? 'q_num_heads' : 'kv_num_heads', 1);
}

function headSize(context: RuleContext): number {
  const extent = context.shape(context.inputs[0]!).at(-1)!;
  return isSplit(context, 0) ? extent : extent / headCount(context, 0);
}

/** [batch, tokens, heads · size] as [batch, heads, tokens, size]; four axes are so already. */
function headsFirst(context: RuleContext, value: string, input: number): string {
  if (isSplit(context, input)) return value;
  const split = reshape(context.emit, value, [0, 0, headCount(context, input), -1]);
  return transpose(context.emit, split, [0, 2, 1, 3]);
}

function headsBack(context: RuleContext, value: string, input: number): string {
  if (isSplit(context, input)) return value;
  return reshape(context.emit, transpose(context.emit, value, [0, 2, 1, 3]), [0, 0, -1]);
}

function masked(context: RuleContext, logits: string): string {
  const { emit } = context;
  const tokens = (input: number): number => context.shape(context.inputs[input]!).at(-2)!;
  let result = logits;
  const mask = context.inputs[3] ?? '';
  if (mask !== '') {
    const type = context.dataType(mask) ?? context.refuse(`the type of its mask "${mask}" is unknown`);
    result =
      type === 'bool'
        ? where(emit, context.readBoolean(mask), result, Number.NEGATIVE_INFINITY)
        : add(emit, result, context.read(mask));
  }
  if (context.int('is_causal', 0) === 0) return result;
  const [rows, columns] = [tokens(0), tokens(1)];
  const ban = new Float32Array(rows * columns);
  for (let i = 0; i < rows; i++)
    ban.fill(Number.NEGATIVE_INFINITY, i * columns + Math.min(columns, i + 1), (i + 1) * columns);
  return add(emit, result, emit.floats(ban, [rows, columns]));
}
