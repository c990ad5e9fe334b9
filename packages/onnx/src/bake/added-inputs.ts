import type { Emitter } from '../autodiff/emitter.ts';
import type { InitializerDescription, ValueDescription } from '../proto/graph-description.ts';
import type { BakeRequest } from './bake-options.ts';
import { emitGuard, type NodeNames, toInteger } from './emit-guard.ts';

/** What a baked file takes besides the image, with the values that stand in where it is not fed. */
export interface AddedInputs {
  /** Names, where asked for. */
  readonly classInput: string | undefined;
  readonly alphaInput: string | undefined;
  readonly values: readonly ValueDescription[];
  readonly defaults: readonly InitializerDescription[];
}

export function addedInputs({
  inputs,
  prefix,
  classIndex = -1,
  alpha,
  requiredInputs,
}: BakeRequest): AddedInputs {
  const nameOf = (input: 'class' | 'alpha'): string | undefined =>
    inputs.includes(input) ? prefix + input : undefined;
  const [classInput, alphaInput] = [nameOf('class'), nameOf('alpha')];
  const values: ValueDescription[] = [];
  const defaults: InitializerDescription[] = [];
  const addInput = (name: string, dataType: 'int64' | 'float32', value: number): void => {
    // One value for all images, or one for each.
    values.push({ name, dataType, shape: [`${name}_values`] });
    if (!requiredInputs) defaults.push({ name, dims: [1], dataType, data: [value] });
  };
  if (classInput !== undefined) addInput(classInput, 'int64', classIndex);
  if (alphaInput !== undefined) addInput(alphaInput, 'float32', alpha!);
  return { classInput, alphaInput, values, defaults };
}

/** The input `alpha` as it mixes maps [batch, height, width]; stops the run outside of 0 to 1. */
export function emitAlpha(emit: Emitter, names: NodeNames, input: string): string {
  const within = (comparison: 'Greater' | 'Less', end: number): string =>
    emit.op('Or', [emit.op(comparison, [input, end]), emit.op('Equal', [input, end])]);
  // NaN is neither.
  const right = emit.op('And', [within('Greater', 0), within('Less', 1)]);
  const wrong = toInteger(emit, emit.op('Not', [right]));
  const guarded = emitGuard(emit, names, input, wrong, `${input} must be from 0 to 1`);
  return emit.op('Reshape', [guarded, emit.integers([-1, 1, 1])]);
}
