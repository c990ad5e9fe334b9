import * as tf from '@tensorflow/tfjs-core';
import type { LayerVariable, layers as layersNamespace } from '@tensorflow/tfjs-layers';
import type { NodeRole } from '../model-graph.ts';
import {
  activationGradient,
  activationRule,
  clippedReluGradient,
  thresholdGradient,
} from '../rules/activation.ts';
import type { Padding, Pair, WindowGeometry } from '../rules/convolution-geometry.ts';
import type { GradientRule } from '../rules/gradient-rule.ts';
import {
  batchNormRule,
  convolutionRule,
  denseRule,
  depthwiseRule,
  separableRule,
  type Weight,
} from '../rules/linear-rules.ts';
import { averagePoolRule, globalMeanRule, maxPoolRule } from '../rules/pooling-rules.ts';
import { type Resize, resizeRule } from '../rules/resize-rule.ts';
import { addRule, concatRule, identityRule, padRule, reshapeRule } from '../rules/shape-rules.ts';
import type { WeightCache } from '../weight-cache.ts';

export type Layer = ReturnType<typeof layersNamespace.dense>;

/** null where a size varies. */
export type KerasShape = readonly (number | null)[];

export interface LayerBehaviour {
  readonly role: NodeRole;
  readonly rule: GradientRule | undefined;
}

/**
 * What we know of a Keras layer at inference: its own gradient rule, where we have an exact one, and its role.
 * `config` decides (`getConfig()` is public; a layer's kernels are protected fields and are read through `layer.weights`).
 */
export function layerBehaviour(
  layer: Layer,
  inputShapes: readonly KerasShape[],
  key: string,
  cache: WeightCache,
): LayerBehaviour {
  const config = layer.getConfig() as Config;
  const build = Object.hasOwn(BUILDERS, layer.getClassName()) ? BUILDERS[layer.getClassName()] : undefined;
  const stock: LayerBehaviour = { role: 'other', rule: undefined };
  // Keras's channels_first is emulated by transposes inside the layer: rare, and the tape handles all but the mean.
  if (config['dataFormat'] === 'channelsFirst') {
    const isMean = layer.getClassName() === 'GlobalAveragePooling2D';
    return isMean ? { role: 'global-mean', rule: globalMeanRule([2, 3]) } : stock;
  }
  if (!build) return stock;
  return build({ layer, config, inputShapes, inputShape: inputShapes[0] ?? [], key, cache }) ?? stock;
}

/** The weight of that name as it is now. */
export function weightOf(layer: Layer, name: string): Weight | undefined {
  const variable = layer.weights.find(({ originalName }) => originalName.split('/').at(-1) === name) as
    | LayerVariable
    | undefined;
  return variable && (() => variable.read());
}

/** Name of the activation fused into a layer; undefined where the layer has none. */
export function activationOf(layer: Layer): string | undefined {
  const { activation } = layer.getConfig() as Config;
  return typeof activation === 'string' ? activation : undefined;
}

export function windowGeometry(config: Readonly<Record<string, unknown>>, strides: unknown): WindowGeometry {
  return {
    strides: pair(strides),
    dilations: pair(config['dilationRate'] ?? 1),
    padding: config['padding'] as Padding,
  };
}

type Config = Readonly<Record<string, unknown>>;

interface Request {
  readonly layer: Layer;
  readonly config: Config;
  readonly inputShapes: readonly KerasShape[];
  /** Of the first input. */
  readonly inputShape: KerasShape;
  readonly key: string;
  readonly cache: WeightCache;
}

const BUILDERS: Readonly<Record<string, (request: Request) => LayerBehaviour | undefined>> = {
  Conv2D: ({ layer, config, key, cache }) => {
    const geometry = windowGeometry(config, config['strides']);
    return linear(layer, (activation) =>
      convolutionRule(weightOf(layer, 'kernel')!, geometry, { cache, key, activation }),
    );
  },
  DepthwiseConv2D: ({ layer, config, key, cache }) => {
    const geometry = windowGeometry(config, config['strides']);
    return linear(layer, (activation) =>
      depthwiseRule(weightOf(layer, 'depthwise_kernel')!, geometry, { cache, key, activation }),
    );
  },
  SeparableConv2D: ({ layer, config, key, cache }) => {
    const geometry = windowGeometry(config, config['strides']);
    const depthwise = weightOf(layer, 'depthwise_kernel')!;
    const pointwise = weightOf(layer, 'pointwise_kernel')!;
    return linear(layer, (activation) =>
      separableRule(depthwise, pointwise, geometry, { cache, key, activation }),
    );
  },
  Dense: ({ layer }) => linear(layer, (activation) => denseRule(weightOf(layer, 'kernel')!, { activation })),
  BatchNormalization: ({ layer, config, key, cache }) => {
    const variance = weightOf(layer, 'moving_variance')!;
    const epsilon = config['epsilon'] as number;
    return {
      role: 'affine',
      rule: batchNormRule(
        { scale: weightOf(layer, 'gamma'), variance, epsilon, axis: normalizedAxis(config) },
        { cache, key },
      ),
    };
  },
  AveragePooling2D: ({ config, inputShape }) => {
    const window = pair(config['poolSize']);
    const geometry = windowGeometry({ padding: config['padding'] }, config['strides'] ?? window);
    const [, height, width] = inputShape;
    const whole = height === window[0] && width === window[1] && geometry.padding === 'valid';
    return { role: whole ? 'global-mean' : 'affine', rule: averagePoolRule(window, geometry) };
  },
  MaxPooling2D: ({ config }) => {
    const window = pair(config['poolSize']);
    const geometry = windowGeometry({ padding: config['padding'] }, config['strides'] ?? window);
    return { role: 'other', rule: maxPoolRule(window, geometry) };
  },
  GlobalAveragePooling2D: () => ({ role: 'global-mean', rule: globalMeanRule([1, 2]) }),
  ZeroPadding2D: ({ config }) => {
    const [rows, columns] = config['padding'] as [Pair, Pair];
    return { role: 'affine', rule: padRule([0, rows[0], columns[0], 0]) };
  },
  UpSampling2D: ({ config }) => {
    const bilinear = config['interpolation'] === 'bilinear';
    const resize: Resize = (images, size) =>
      bilinear ? tf.image.resizeBilinear(images, size) : tf.image.resizeNearestNeighbor(images, size);
    return { role: 'affine', rule: resizeRule(resize) };
  },
  ThresholdedReLU: ({ config }) =>
    // y = x above a threshold ≥ 0, else 0: where y is not 0, x came through.
    (config['theta'] as number) >= 0 ? { role: 'other', rule: activationRule(thresholdGradient) } : undefined,
  ReLU: ({ config }) => {
    const maximum = config['maxValue'] as number | null | undefined;
    const gradient = maximum == null ? activationGradient('relu')! : clippedReluGradient(maximum);
    return { role: 'other', rule: activationRule(gradient) };
  },
  Activation: ({ layer }) => {
    const activation = activationOf(layer);
    if (activation === 'linear') return { role: 'identity', rule: identityRule };
    const gradient = activation === undefined ? undefined : activationGradient(activation);
    const role = activation === 'softmax' || activation === 'sigmoid' ? activation : 'other';
    return { role, rule: gradient && activationRule(gradient) };
  },
  Softmax: ({ config, inputShape }) => {
    const axis = config['axis'] as number;
    return axis === -1 || axis === inputShape.length - 1 ? { role: 'softmax', rule: undefined } : undefined;
  },
  // Inputs of unequal rank are aligned by Keras in a way of its own: the tape knows it.
  Add: ({ inputShapes, inputShape }) =>
    inputShapes.every(({ length }) => length === inputShape.length)
      ? { role: 'other', rule: addRule }
      : undefined,
  Concatenate: ({ config }) => ({ role: 'other', rule: concatRule(config['axis'] as number) }),
  Flatten: () => ({ role: 'reshape', rule: reshapeRule }),
  Reshape: () => ({ role: 'reshape', rule: reshapeRule }),
  // Layers that do nothing at inference; all of them run with `training: false`.
  Dropout: () => ({ role: 'identity', rule: identityRule }),
  SpatialDropout1D: () => ({ role: 'identity', rule: identityRule }),
  GaussianDropout: () => ({ role: 'identity', rule: identityRule }),
  GaussianNoise: () => ({ role: 'identity', rule: identityRule }),
  AlphaDropout: () => ({ role: 'identity', rule: identityRule }),
};

/** Keras 2 writes a list of one. */
export function normalizedAxis(config: Config): number {
  return Number(config['axis']);
}

function linear(
  layer: Layer,
  rule: (activation: string) => GradientRule | undefined,
): LayerBehaviour | undefined {
  const activation = activationOf(layer);
  if (activation === undefined) return undefined;
  const own = rule(activation);
  return own && { role: activation === 'linear' ? 'affine' : 'other', rule: own };
}

export function pair(value: unknown): Pair {
  return typeof value === 'number' ? [value, value] : (value as Pair);
}
