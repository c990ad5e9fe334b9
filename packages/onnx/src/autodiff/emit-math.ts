import type { Emitter, Operand } from './emitter.ts';

/** One-line spellings of the arithmetic that nearly every rule emits. */
export function multiply(emit: Emitter, ...factors: readonly Operand[]): string {
  return chain(emit, 'Mul', factors);
}

export function add(emit: Emitter, ...terms: readonly Operand[]): string {
  return chain(emit, 'Add', terms);
}

export function subtract(emit: Emitter, a: Operand, b: Operand): string {
  return emit.op('Sub', [a, b]);
}

export function divide(emit: Emitter, a: Operand, b: Operand): string {
  return emit.op('Div', [a, b]);
}

export function negate(emit: Emitter, a: Operand): string {
  return emit.op('Neg', [a]);
}

/** 1 where `a` compares to `b`, else 0, as float32. */
export function mask(
  emit: Emitter,
  comparison: 'Greater' | 'Less' | 'Equal',
  a: Operand,
  b: Operand,
): string {
  return emit.op('Cast', [emit.op(comparison, [a, b])], { to: 1 });
}

export function where(emit: Emitter, condition: string, a: Operand, b: Operand): string {
  return emit.op('Where', [condition, a, b]);
}

export function reduceSum(emit: Emitter, a: string, axes: readonly number[]): string {
  return axes.length === 0 ? a : emit.op('ReduceSum', [a, emit.integers(axes)], { keepdims: 1 });
}

export function reduceMean(emit: Emitter, a: string, axes: readonly number[]): string {
  return axes.length === 0 ? a : emit.op('ReduceMean', [a], { axes, keepdims: 1 });
}

export function reshape(emit: Emitter, a: string, dims: readonly number[]): string {
  return emit.op('Reshape', [a, emit.integers(dims)]);
}

export function transpose(emit: Emitter, a: string, perm: readonly number[]): string {
  return perm.every((axis, i) => axis === i) ? a : emit.op('Transpose', [a], { perm });
}

export function slice(
  emit: Emitter,
  a: string,
  axes: readonly number[],
  starts: readonly number[],
  ends: readonly number[],
): string {
  return axes.length === 0
    ? a
    : emit.op('Slice', [a, emit.integers(starts), emit.integers(ends), emit.integers(axes)]);
}

/** Zeros around `a`: `before` and `after` per axis; negative amounts crop. */
export function padWithZeros(
  emit: Emitter,
  a: string,
  before: readonly number[],
  after: readonly number[],
): string {
  const pads = [...before, ...after];
  return pads.every((amount) => amount === 0) ? a : emit.op('Pad', [a, emit.integers(pads)]);
}

/** Every axis reversed that is listed. */
export function reverse(emit: Emitter, a: string, axes: readonly number[]): string {
  if (axes.length === 0) return a;
  const all = (value: number): string => emit.integers(axes.map(() => value));
  return emit.op('Slice', [a, all(-1), all(-(2 ** 31)), emit.integers(axes), all(-1)]);
}

function chain(emit: Emitter, opType: string, operands: readonly Operand[]): string {
  const [first, ...rest] = operands;
  if (first === undefined) throw new Error(`${opType}: no operands`);
  let result = first;
  for (const operand of rest) result = emit.op(opType, [result, operand]);
  return typeof result === 'string' ? result : emit.floats([result], []);
}
