import { OptionError } from '@hybridcam/core';
import type { LayersModel, SymbolicTensor } from '@tensorflow/tfjs-layers';

/** @throws OptionError for several outputs without a choice, or a choice that is not there */
export function chooseOutput(model: LayersModel, output: string | number | undefined): SymbolicTensor {
  const { outputs, outputNames } = model;
  if (output === undefined) {
    if (outputs.length === 1) return outputs[0]!;
    throw new OptionError(
      `tfjs model: expected an explicit output for a model with ${outputs.length}; received none. ` +
        `Pass output: one of ${outputNames.map((name) => `"${name}"`).join(', ')}.`,
    );
  }
  const index = typeof output === 'number' ? output : outputNames.indexOf(output);
  const chosen = outputs[index];
  if (!chosen) {
    throw new OptionError(
      `tfjs model: expected output to be one of ${outputNames.map((name) => `"${name}"`).join(', ')} or an index below ` +
        `${outputs.length}; received ${JSON.stringify(output)}.`,
    );
  }
  return chosen;
}
