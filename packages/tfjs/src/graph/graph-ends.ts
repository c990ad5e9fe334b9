import { OptionError, UnsupportedError } from '@hybridcam/core';
import type { SymbolicShape } from '../model-graph.ts';
import { type GraphDef, parseValue, valueName } from './graph-def.ts';
import type { GraphModelLike } from './graph-model-like.ts';

/** @throws OptionError for several outputs without a choice, or a choice that is not there */
export function chooseOutput(model: GraphModelLike, output: string | number | undefined): string {
  const names = model.outputs.map(({ name }) => valueName(parseValue(name)));
  const listed = names.map((name) => `"${name}"`).join(', ');
  if (output === undefined) {
    if (names.length === 1) return names[0]!;
    throw new OptionError(
      `tfjs graph model: expected an explicit output for a model with ${names.length}; received none. Pass output: one of ${listed}.`,
    );
  }
  const wanted =
    typeof output === 'number' ? names[output] : names.find((name) => name === valueName(parseValue(output)));
  if (wanted !== undefined) return wanted;
  throw new OptionError(
    `tfjs graph model: expected output to be one of ${listed} or an index below ${names.length}; received ${JSON.stringify(output)}.`,
  );
}

/** @throws UnsupportedError unless there is one, a float32 image */
export function onlyInput(
  model: GraphModelLike,
  { placeholders }: GraphDef,
): { name: string; shape: SymbolicShape } {
  const [name] = placeholders;
  if (name === undefined || placeholders.length !== 1) {
    const listed = placeholders.map((placeholder) => `"${placeholder}"`).join(', ') || 'none';
    throw new UnsupportedError(
      `tfjs graph model: expected one input; received ${placeholders.length} (${listed}).`,
    );
  }
  const info = model.inputs.find((input) => parseValue(input.name).node === name);
  const shape = info?.shape?.map((extent) => (extent >= 0 ? extent : undefined));
  if (shape?.length !== 4) {
    throw new UnsupportedError(
      `tfjs graph model: expected an input of rank 4 [batch, height, width, channels]; "${name}" has [${shape ?? 'unknown'}].`,
    );
  }
  if (info!.dtype !== 'float32') {
    throw new UnsupportedError(
      `tfjs graph model: expected a float32 input; "${name}" is ${String(info!.dtype).slice(0, 40)}.`,
    );
  }
  return { name, shape };
}
