import { normalizations } from '@hybridcam/core';
import { type BakeOptions, bakeInputs, bakeMethod, bakeMethods, bakeOutputs } from '@hybridcam/onnx';
import { choiceValue, countValue, listValue, numberValue, sizeValue } from '../flag-values.ts';
import type { Flag, FlagValues, ValueFlag } from '../flags.ts';
import { offlineFlag, outputFlag, tokensFlag, tokensValue, weightsFlag } from '../model-flags.ts';

/** The flags of `hybridcam bake`. */
export const bakeFlags = {
  model: {
    value: 'FILE',
    short: 'm',
    help: 'The classifier: an ONNX file, or a name; the flag itself may be left out.',
  },
  weights: weightsFlag as ValueFlag,
  offline: offlineFlag as Flag,
  out: { value: 'FILE', short: 'o', help: 'The file to write; must not be the model itself. Needed.' },
  layer: {
    value: 'NAME[,NAME]',
    help: 'Where to look; "auto" is the last spatial layer. See hybridcam layers. For cross-layer-hybrid the layer of Grad-CAM, then that of LayerCAM. Default: auto.',
  },
  method: { value: 'NAME', help: `${bakeMethods.join(', ')}. Default: hybrid.` as string },
  alpha: {
    value: 'A',
    help: 'Mix of the hybrids, 0 (LayerCAM) to 1 (Grad-CAM); with --inputs alpha its default. Default: 0.7.',
  },
  normalize: {
    value: 'max|minmax|none',
    help: 'Range of the output cam: by the maximum, from minimum to maximum, or raw values. Default: none.',
  },
  class: {
    value: 'INDEX',
    help: 'Explain this class; with --inputs class its default. Default: the best class of each image, found in the file.',
  },
  inputs: {
    value: 'NAME[,NAME]',
    help: 'More inputs, which callers may leave out: class (int64, -1 for the best), alpha (float32). Default: none.',
  },
  'required-inputs': {
    help: 'Callers must feed --inputs. onnxruntime-node and onnxruntime-web cannot feed inputs that may be left out; Python and C can.',
  },
  save: {
    value: 'KIND[,KIND…]',
    help: 'More outputs: saliency (0 to 1, at the size of the input), activations, gradients. Default: none.',
  },
  size: {
    value: 'HEIGHTxWIDTH',
    help: 'The input size the file shall work at. Needed where the model leaves it open.',
  },
  output: outputFlag as ValueFlag,
  tokens: tokensFlag as ValueFlag,
  prefix: { value: 'TEXT', help: 'Put before the names of added inputs and outputs. Default: none.' },
  json: { help: 'What was written, as one JSON object on stdout.' },
  quiet: { short: 'q', help: 'No progress and no summary; errors still show.' },
} as const;

/** What the flags ask of `bakeModel`. @throws OptionError, UnsupportedError for what cannot be meant */
export function bakeOptions(flags: FlagValues<typeof bakeFlags>): Omit<BakeOptions, 'ort'> {
  const { layer, method, alpha, normalize, inputs, save, size, output, tokens, prefix } = flags;
  return {
    layers: layer === undefined || layer === 'auto' ? undefined : layerNames(layer),
    method: method === undefined ? undefined : bakeMethod(method),
    alpha: alpha === undefined ? undefined : numberValue('--alpha', alpha, { min: 0, max: 1 }),
    normalize: normalize === undefined ? undefined : choiceValue('--normalize', normalize, normalizations),
    classIndex: flags.class === undefined ? undefined : countValue('--class', flags.class, 0),
    inputs: inputs === undefined ? undefined : choices('--inputs', inputs, bakeInputs),
    requiredInputs: flags['required-inputs'],
    outputs: save === undefined ? undefined : choices('--save', save, bakeOutputs),
    inputSize: size === undefined ? undefined : sizeValue('--size', size),
    output,
    tokens: tokens === undefined ? undefined : tokensValue(tokens),
    prefix,
  };
}

/** `auto` in a list is the model's default layer, as for explain, whatever its place; its alias is `last`. */
function layerNames(text: string): string[] {
  return listValue('--layer', text).map((name) => (name === 'auto' ? 'last' : name));
}

function choices<const T extends string>(flag: string, text: string, names: readonly T[]): T[] {
  return listValue(flag, text).map((name) => choiceValue(flag, name, names));
}
