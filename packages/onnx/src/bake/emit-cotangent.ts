import type { PlannedDims } from '../autodiff/backward-model.ts';
import { mask, multiply, reshape, subtract, where } from '../autodiff/emit-math.ts';
import type { Emitter } from '../autodiff/emitter.ts';
import { emitGuard, type NodeNames, toInteger } from './emit-guard.ts';

export interface CotangentRequest {
  readonly emit: Emitter;
  readonly names: NodeNames;
  /** The forward model's scores and their shape. */
  readonly scores: string;
  readonly dims: PlannedDims;
  readonly castScores: boolean;
  readonly classCount: number;
  /** The class to explain; undefined: of each image that of the highest score. */
  readonly classIndex: number | undefined;
  /** Input that may name another. */
  readonly classInput: string | undefined;
}

/**
 * ∂target/∂scores: 1 at the class explained, 0 elsewhere, in the shape of the scores. The class is the first of the highest
 * scores of each image unless one is given. Where there is one score alone it is core's binary target: of each image the side that
 * the model decides for, 1 for a logit of 0 or more and −1 below; a class that is given (0) is the score itself.
 */
export function emitCotangent(request: CotangentRequest): string {
  const { emit, names, scores, dims, castScores, classCount, classIndex, classInput } = request;
  const rows = emit.op('Reshape', [
    castScores ? emit.op('Cast', [scores], { to: 1 }) : scores,
    emit.integers([-1, classCount]),
  ]);
  const best = emit.op('ArgMax', [rows], { axis: 1, keepdims: 0 });
  const asked = classInput && emit.op('Reshape', [classInput, emit.integers([-1])]);
  const isLeft = asked && emit.op('Less', [asked, emit.integers([0])]);
  let chosen = best;
  if (isLeft !== undefined) {
    chosen = emit.op('Where', [isLeft, best, asked!]);
  } else if (classIndex !== undefined) {
    chosen = emit.op('Expand', [emit.integers([classIndex]), emit.op('Shape', [best])]);
  }
  const column = emit.op('Reshape', [chosen, emit.integers([-1, 1])]);
  const all = emit.integers(Array.from({ length: classCount }, (_, index) => index));
  let onehot = mask(emit, 'Equal', column, all);
  if (classCount === 1 && (classInput !== undefined || classIndex === undefined)) {
    const side = subtract(emit, 1, multiply(emit, 2, mask(emit, 'Less', rows, 0)));
    onehot = isLeft === undefined ? side : where(emit, reshape(emit, isLeft, [-1, 1]), side, onehot);
  }
  if (classInput !== undefined) {
    const low = emit.op('Less', [classInput, emit.integers([-1])]);
    const high = emit.op('Greater', [classInput, emit.integers([classCount - 1])]);
    const wrong = toInteger(emit, emit.op('Or', [low, high]));
    onehot = emitGuard(emit, names, onehot, wrong, `class must be -1 or from 0 to ${classCount - 1}`);
  }
  return emit.op('Reshape', [onehot, emit.integers(dims.map((extent) => extent ?? -1))]);
}

/** The cotangent, or an error of the runtime where the input has another extent than the file was made for (undefined: any). */
export function guardInputShape(
  emit: Emitter,
  names: NodeNames,
  cotangent: string,
  input: string,
  dims: readonly (number | undefined)[],
  title: string,
): string {
  const axes = dims.flatMap((extent, axis) => (extent === undefined ? [] : [axis]));
  if (axes.length === 0) return cotangent;
  const extents = emit.op('Gather', [emit.op('Shape', [input]), emit.integers(axes)], { axis: 0 });
  const wanted = emit.integers(axes.map((axis) => dims[axis]!));
  const difference = emit.op('Sub', [extents, wanted]);
  return emitGuard(emit, names, cotangent, difference, `this file was baked for inputs of ${title}`);
}
