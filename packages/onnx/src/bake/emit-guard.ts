import { multiply } from '../autodiff/emit-math.ts';
import type { Emitter } from '../autodiff/emitter.ts';

/** Names of nodes by the tensor they make: a runtime's error message quotes the node's name. */
export type NodeNames = Map<string, string>;

/**
 * The tensor unchanged, or an error of the runtime where `wrong` (an int64 tensor) is not all zero. ONNX has no operator that
 * fails on request; a Reshape of one number to more than one does, on every execution provider, and its message has the name of
 * the node, which says what was expected.
 */
export function emitGuard(
  emit: Emitter,
  names: NodeNames,
  tensor: string,
  wrong: string,
  expected: string,
): string {
  const count = emit.op('ReduceSum', [emit.op('Abs', [wrong]), emit.integers([0])], { keepdims: 1 });
  const one = emit.op('Reshape', [emit.floats([1], [1]), emit.op('Add', [count, emit.integers([1])])]);
  names.set(one, `hybridcam: ${expected}`);
  return multiply(emit, tensor, one);
}

/** 1 where a boolean is true, else 0, as int64 [n]. */
export function toInteger(emit: Emitter, boolean: string): string {
  return emit.op('Cast', [boolean], { to: 7 });
}
