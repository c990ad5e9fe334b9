import {
  type AbortSignalLike,
  didYouMean,
  type MethodName,
  type Normalization,
  normalizations,
  OptionError,
  UnsupportedError,
} from '@hybridcam/core';
import type { TokenOption } from '../layers/tokens-of.ts';
import type { OrtRuntime, OrtSessionOptions } from '../ort.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';

/** Methods that are arithmetic on activations and gradients alone, so that a graph can hold them. */
export type BakeMethod =
  | 'hybrid'
  | 'cross-layer-hybrid'
  | 'grad-cam'
  | 'layer-cam'
  | 'grad-cam-plus-plus'
  | 'xgrad-cam'
  | 'hires-cam'
  | 'element-wise-grad-cam';

export const bakeMethods: readonly BakeMethod[] = [
  'hybrid',
  'cross-layer-hybrid',
  'grad-cam',
  'layer-cam',
  'grad-cam-plus-plus',
  'xgrad-cam',
  'hires-cam',
  'element-wise-grad-cam',
];

/** What the file can take besides the image. */
export type BakeInput = 'class' | 'alpha';
export const bakeInputs: readonly BakeInput[] = ['class', 'alpha'];

/** What the file can return besides the model's own outputs and `cam`. */
export type BakeOutput = 'saliency' | 'activations' | 'gradients';
export const bakeOutputs: readonly BakeOutput[] = ['saliency', 'activations', 'gradients'];

export interface BakeOptions {
  /** Runs the probe and the finished file once: `onnxruntime-node` or `onnxruntime-web`. */
  readonly ort: OrtRuntime;
  /**
   * Where to look: a name of `model.layers`, an alias, or a tensor. For `cross-layer-hybrid` two: the layer of Grad-CAM, then that of
   * LayerCAM. Default, also of each that is undefined: the model's default layer, and for the second of two the last one of twice its
   * resolution (`crossLayers` of core).
   */
  readonly layers?: readonly (string | undefined)[] | undefined;
  /** Default `hybrid`. */
  readonly method?: BakeMethod | undefined;
  /** Of the hybrids: 1 is Grad-CAM, 0 is LayerCAM. With the input `alpha`: its default. Default 0.7. */
  readonly alpha?: number | undefined;
  /** Of `cam`. Default `none`: raw (of the hybrids: each parent by its maximum, as their formula has it). */
  readonly normalize?: Normalization | undefined;
  /**
   * Explain this class. With the input `class`: its default. Default: of each image the class of the highest score; of a
   * model with one score the side it decides for, where 0 is the score itself.
   */
  readonly classIndex?: number | undefined;
  /**
   * More inputs: `class`, int64 [batch] or [1], −1 for the highest score; `alpha`, float32 [batch] or [1]. They have defaults, so
   * that a caller who feeds the image alone still works.
   */
  readonly inputs?: readonly BakeInput[] | undefined;
  /**
   * Leaves the defaults of `inputs` out: they must be fed. The JavaScript runtimes need this: onnxruntime-node ignores what is
   * fed to an input with a default, and onnxruntime-web refuses it. Default false.
   */
  readonly requiredInputs?: boolean | undefined;
  /**
   * More outputs: `saliency` [batch, height, width] in [0, 1] at the size of the input; `activations` and `gradients` [batch,
   * channels, height, width] of the layer; of two layers `activations_1`, `activations_2`, and so on.
   */
  readonly outputs?: readonly BakeOutput[] | undefined;
  /** Starts the names of added inputs and outputs, where the model has tensors of those names. Default none. */
  readonly prefix?: string | undefined;
  /** [height, width] the file shall work at, where the model leaves them open. */
  readonly inputSize?: readonly [height: number, width: number] | undefined;
  /** As of `createOnnxModel`. */
  readonly tokens?: TokenOption | undefined;
  /** Which output holds the class scores, where the model has several. */
  readonly output?: string | undefined;
  /** Bytes of the files in which the model keeps weights, by the names it uses. The baked file refers to the same files. */
  readonly externalData?: ExternalFiles | undefined;
  readonly sessionOptions?: OrtSessionOptions | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/** The options that decide what is computed, checked and with their defaults. */
export interface BakeRequest {
  readonly layers: readonly (string | undefined)[] | undefined;
  readonly method: BakeMethod;
  /** undefined: the method does not mix. */
  readonly alpha: number | undefined;
  readonly normalize: Normalization;
  readonly classIndex: number | undefined;
  readonly inputs: readonly BakeInput[];
  readonly requiredInputs: boolean;
  readonly outputs: readonly BakeOutput[];
  readonly prefix: string;
}

const DEFAULT_ALPHA = 0.7;

/** @throws OptionError, and UnsupportedError for a method that no graph can hold */
export function readBakeOptions(options: BakeOptions): BakeRequest {
  const { normalize = 'none', inputs = [], outputs = [], layers, classIndex } = options;
  const method = bakeMethod(options.method ?? 'hybrid');
  oneOf('normalize', normalize, normalizations);
  for (const input of inputs) oneOf('inputs', input, bakeInputs);
  for (const output of outputs) oneOf('outputs', output, bakeOutputs);
  const mixes = method === 'hybrid' || method === 'cross-layer-hybrid';
  if (!mixes && (options.alpha !== undefined || inputs.includes('alpha'))) {
    throw new OptionError(`bakeModel: expected no alpha for ${method}; received one. Only the hybrids mix.`);
  }
  const { alpha = DEFAULT_ALPHA } = options;
  if (!(alpha >= 0 && alpha <= 1)) {
    throw new OptionError(`bakeModel: expected alpha from 0 to 1; received ${alpha}.`);
  }
  if (classIndex !== undefined && !(Number.isInteger(classIndex) && classIndex >= 0)) {
    throw new OptionError(`bakeModel: expected "classIndex" ≥ 0, a whole number; received ${classIndex}.`);
  }
  const count = method === 'cross-layer-hybrid' ? 2 : 1;
  if (layers !== undefined && layers.length !== count) {
    const what = count === 2 ? 'two layers (of Grad-CAM, of LayerCAM)' : 'one layer';
    throw new OptionError(`bakeModel: expected ${what} for ${method}; received ${layers.length}.`);
  }
  return {
    layers,
    method,
    alpha: mixes ? alpha : undefined,
    normalize,
    classIndex,
    inputs: [...new Set(inputs)],
    requiredInputs: options.requiredInputs ?? false,
    outputs: [...new Set(outputs)],
    prefix: options.prefix ?? '',
  };
}

const DECOMPOSES = 'it takes a singular value decomposition, for which ONNX has no operator';
const RUNS_OFTEN = 'it runs the model many times, and a file runs it once';

const REFUSED: Readonly<Record<Exclude<MethodName, BakeMethod>, string>> = {
  'eigen-cam': DECOMPOSES,
  'eigen-grad-cam': DECOMPOSES,
  fem: 'it explains no class, and takes no gradient: activations are all it needs (outputs: ["activations"])',
  'ablation-cam': 'it takes the scores with each channel left out',
  'shapley-cam': 'where it is defined it is, of a logit, the same map as grad-cam',
  cam: 'where it is defined, grad-cam is the same map up to its scale',
  'smooth-grad-cam-plus-plus': RUNS_OFTEN,
  'score-cam': RUNS_OFTEN,
  'ss-cam': RUNS_OFTEN,
  'is-cam': RUNS_OFTEN,
  rise: RUNS_OFTEN,
  occlusion: RUNS_OFTEN,
  'attention-rollout':
    'it explains no class, and takes the attention matrices, which are tensors of the file already',
  'le-grad':
    'it takes the scores behind each block and the gradient of its attention, and a baked file has those of its layers',
  'full-grad': 'it takes the gradient of every bias, and a baked file has those of its layers',
};

/**
 * `name` as a method that can be baked.
 * @throws UnsupportedError saying why a method cannot; OptionError for a name that is none
 */
export function bakeMethod(name: string): BakeMethod {
  const method = bakeMethods.find((known) => known === name);
  if (method !== undefined) return method;
  const reason = new Map(Object.entries(REFUSED)).get(name);
  if (reason !== undefined) {
    throw new UnsupportedError(
      `bakeModel: ${name} cannot be baked: ${reason}. Methods that can: ${bakeMethods.join(', ')}.`,
    );
  }
  throw new OptionError(
    `bakeModel: expected "method" to be of ${bakeMethods.join(', ')}; received "${name}".${didYouMean(name, bakeMethods)}`,
  );
}

function oneOf(option: string, value: string, names: readonly string[]): void {
  if (names.includes(value)) return;
  throw new OptionError(
    `bakeModel: expected "${option}" to be of ${names.join(', ')}; received "${value}".${didYouMean(value, names)}`,
  );
}
