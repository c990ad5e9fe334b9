import * as tf from '@tensorflow/tfjs-core';
import type { NodeRole } from '../model-graph.ts';
import { activationGradient, activationRule } from '../rules/activation.ts';
import type { Pair } from '../rules/convolution-geometry.ts';
import type { GradientRule } from '../rules/gradient-rule.ts';
import {
  batchNormRule,
  convolutionRule,
  denseRule,
  depthwiseRule,
  type Weight,
} from '../rules/linear-rules.ts';
import { averagePoolRule, globalMeanRule, maxPoolRule } from '../rules/pooling-rules.ts';
import { resizeRule } from '../rules/resize-rule.ts';
import {
  addRule,
  concatRule,
  identityRule,
  mirrorPadRule,
  padRule,
  reshapeRule,
  scaleRule,
} from '../rules/shape-rules.ts';
import type { WeightCache } from '../weight-cache.ts';
import { flag, integers, type NodeDef, real, text } from './node-attributes.ts';
import { fusedActivation, windowGeometry } from './op-attributes.ts';

export interface OpRequest {
  readonly node: NodeDef;
  /** Per input of the node: the constant tensor, or undefined for data. */
  readonly constants: readonly (Weight | undefined)[];
  /** Per input: the values of small integer constants (axes, paddings). */
  readonly integerConstants: readonly (readonly number[] | undefined)[];
  /** Of the first input at the model's own size. */
  readonly inputShape: readonly (number | undefined)[] | undefined;
  readonly cache: WeightCache;
}

export interface OpBehaviour {
  readonly role: NodeRole;
  readonly rule: GradientRule | undefined;
}

/** What we know of a TensorFlow op: our own rule, where we have an exact one, and its role. */
export function opBehaviour(request: OpRequest): OpBehaviour {
  const { op } = request.node;
  const build = Object.hasOwn(BUILDERS, op) ? BUILDERS[op] : undefined;
  return (
    (text(request.node, 'data_format') === 'NCHW' ? undefined : build?.(request)) ?? {
      role: 'other',
      rule: undefined,
    }
  );
}

type Builder = (request: OpRequest) => OpBehaviour | undefined;

const identity: Builder = () => ({ role: 'identity', rule: identityRule });
const reshape: Builder = () => ({ role: 'reshape', rule: reshapeRule });

const convolution: Builder = (request) =>
  windowed(request, (filter, geometry, options) => convolutionRule(filter, geometry, options));

const depthwise: Builder = (request) =>
  windowed(request, (filter, geometry, options) => depthwiseRule(filter, geometry, options));

function windowed(
  { node, constants, cache }: OpRequest,
  rule: typeof convolutionRule,
): OpBehaviour | undefined {
  const [, filter] = constants;
  const activation = fusedActivation(node);
  const geometry = windowGeometry(node);
  if (!filter || !geometry || activation === undefined) return undefined;
  return behaviour(activation, rule(filter, geometry, { cache, key: node.name, activation }));
}

const product: Builder = ({ node, constants }) => {
  const [left, weights] = constants;
  const activation = fusedActivation(node);
  if (left || !weights || activation === undefined || flag(node, 'transpose_a')) return undefined;
  if (weights().rank !== 2) return undefined;
  return behaviour(activation, denseRule(weights, { activation, transposed: flag(node, 'transpose_b') }));
};

const batchNorm: Builder = ({ node, constants, cache }) => {
  const [, scale, , , variance] = constants;
  if (!scale || !variance || flag(node, 'is_training')) return undefined;
  const epsilon = real(node, 'epsilon') ?? 1e-4;
  return { role: 'affine', rule: batchNormRule({ scale, variance, epsilon }, { cache, key: node.name }) };
};

/** A sum of data is not affine in one value; a sum of one value and constants is. */
const sum: Builder = ({ constants }) => ({
  role: constants.filter((constant) => !constant).length === 1 ? 'affine' : 'other',
  rule: addRule,
});

const activation =
  (name: string, role: NodeRole = 'other'): Builder =>
  () => ({ role, rule: activationRule(activationGradient(name)!) });

const pad: Builder = ({ integerConstants }) => {
  const [, paddings] = integerConstants;
  return paddings && { role: 'affine', rule: padRule(paddings.filter((_, i) => i % 2 === 0)) };
};

const BUILDERS: Readonly<Record<string, Builder>> = {
  Identity: identity,
  StopGradient: identity,
  PreventGradient: identity,
  CheckNumerics: identity,
  Snapshot: identity,
  Reshape: reshape,
  Squeeze: reshape,
  ExpandDims: reshape,
  Conv2D: convolution,
  _FusedConv2D: convolution,
  DepthwiseConv2dNative: depthwise,
  FusedDepthwiseConv2dNative: depthwise,
  MatMul: product,
  _FusedMatMul: product,
  FusedBatchNorm: batchNorm,
  FusedBatchNormV2: batchNorm,
  FusedBatchNormV3: batchNorm,
  Add: sum,
  AddV2: sum,
  AddN: sum,
  BiasAdd: sum,
  BiasAddV1: sum,
  Relu: activation('relu'),
  Relu6: activation('relu6'),
  Sigmoid: activation('sigmoid', 'sigmoid'),
  Tanh: activation('tanh'),
  Softmax: () => ({ role: 'softmax', rule: undefined }),
  Sub: ({ constants }) => (constants[1] && !constants[0] ? { role: 'affine', rule: addRule } : undefined),
  Mul: ({ constants }) => {
    const factor = constants[0] ?? constants[1];
    return factor && { role: 'affine', rule: scaleRule(factor, false) };
  },
  RealDiv: ({ constants }) =>
    constants[1] && !constants[0] ? { role: 'affine', rule: scaleRule(constants[1], true) } : undefined,
  AvgPool: ({ node, inputShape }) => {
    const geometry = windowGeometry(node);
    if (!geometry) return undefined;
    const [, height, width] = integers(node, 'ksize') as [number, number, number];
    const whole = inputShape?.[1] === height && inputShape[2] === width && geometry.padding === 'valid';
    return { role: whole ? 'global-mean' : 'affine', rule: averagePoolRule([height, width], geometry) };
  },
  MaxPool: ({ node }) => {
    const geometry = windowGeometry(node);
    const [, height, width] = integers(node, 'ksize') as [number, number, number];
    return geometry && { role: 'other', rule: maxPoolRule([height, width], geometry) };
  },
  Mean: ({ integerConstants, inputShape }) => {
    const axes = integerConstants[1]
      ?.map((axis) => (axis < 0 ? axis + (inputShape?.length ?? 0) : axis))
      .sort();
    if (inputShape?.length !== 4 || axes?.length !== 2 || axes[0] !== 1 || axes[1] !== 2) return undefined;
    return { role: 'global-mean', rule: globalMeanRule([1, 2]) };
  },
  ConcatV2: ({ node, constants, integerConstants }) => {
    const last = constants.length - 1;
    const axis = integerConstants[last]?.[0];
    // A constant among the parts would shift the slices.
    const allData = constants.slice(0, -1).every((constant) => !constant);
    return axis !== undefined && allData && node.op ? { role: 'other', rule: concatRule(axis) } : undefined;
  },
  ResizeBilinear: ({ node }) => ({
    role: 'affine',
    rule: resizeRule((images, size) =>
      tf.image.resizeBilinear(images, size, flag(node, 'align_corners'), flag(node, 'half_pixel_centers')),
    ),
  }),
  ResizeNearestNeighbor: ({ node }) => ({
    role: 'affine',
    rule: resizeRule((images, size) =>
      tf.image.resizeNearestNeighbor(
        images,
        size,
        flag(node, 'align_corners'),
        flag(node, 'half_pixel_centers'),
      ),
    ),
  }),
  Pad: pad,
  PadV2: pad,
  MirrorPad: ({ node, integerConstants }) => {
    const [, flat] = integerConstants;
    if (!flat) return undefined;
    const pairs = Array.from({ length: flat.length / 2 }, (_, i): Pair => [flat[2 * i]!, flat[2 * i + 1]!]);
    const edge = text(node, 'mode')?.toUpperCase() === 'SYMMETRIC' ? 1 : 0;
    return { role: 'affine', rule: mirrorPadRule(pairs, edge) };
  },
};

function behaviour(activationName: string, rule: GradientRule | undefined): OpBehaviour | undefined {
  return rule && { role: activationName === 'linear' ? 'affine' : 'other', rule };
}
