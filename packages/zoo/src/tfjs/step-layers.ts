import { UnsupportedError } from '@hybridcam/core';
import * as tfl from '@tensorflow/tfjs-layers';
import type { ConvolutionStep, Parameter, Step } from '../network/network.ts';
import { convolutionKernel, denseKernel, depthwiseKernel } from './channels-last.ts';

/** The layers of a step, applied one after the other; the last bears its name and holds the weights. */
export interface StepLayers {
  readonly layers: readonly tfl.layers.Layer[];
  /** In the order of the last layer's `setWeights`. */
  weights(read: (part: string) => Parameter): Parameter[];
}

const nothing = (): Parameter[] => [];

/** @throws UnsupportedError for grouped convolutions that are not depthwise */
export function stepLayers(step: Step): StepLayers {
  const { name } = step;
  switch (step.op) {
    case 'convolution':
      return convolution(step);
    case 'batch-norm':
      return {
        layers: [tfl.layers.batchNormalization({ name, epsilon: step.epsilon })],
        weights: (read) => ['weight', 'bias', 'running_mean', 'running_var'].map(read),
      };
    case 'relu':
      return {
        layers: [tfl.layers.reLU(step.max === undefined ? { name } : { name, maxValue: step.max })],
        weights: nothing,
      };
    case 'max-pool':
      return {
        layers: [
          ...zeros(name, step.padding),
          tfl.layers.maxPooling2d({ name, poolSize: step.kernel, strides: step.stride, padding: 'valid' }),
        ],
        weights: nothing,
      };
    case 'add':
      return { layers: [tfl.layers.add({ name })], weights: nothing };
    case 'global-average-pool':
      return { layers: [tfl.layers.globalAveragePooling2d({ name })], weights: nothing };
    case 'linear':
      return {
        layers: [tfl.layers.dense({ name, units: step.outFeatures, kernelInitializer: 'zeros' })],
        weights: (read) => [denseKernel(read('weight')), read('bias')],
      };
  }
}

function convolution(step: ConvolutionStep): StepLayers {
  const { name, kernel, stride, padding, groups, inChannels, outChannels } = step;
  // "same" pads a stride of 2 on the right and below only, where PyTorch pads all sides: a shift by one pixel.
  const same = stride === 1 && padding === (kernel - 1) / 2;
  const shared = {
    name,
    kernelSize: kernel,
    strides: stride,
    padding: same ? 'same' : 'valid',
    useBias: step.bias,
  } as const;
  const before = same ? [] : zeros(name, padding);
  const bias = (read: (part: string) => Parameter): Parameter[] => (step.bias ? [read('bias')] : []);
  if (groups === 1) {
    return {
      layers: [...before, tfl.layers.conv2d({ ...shared, filters: outChannels, kernelInitializer: 'zeros' })],
      weights: (read) => [convolutionKernel(read('weight')), ...bias(read)],
    };
  }
  if (groups !== inChannels) {
    throw new UnsupportedError(
      `layersModel: expected a plain or depthwise convolution; "${name}" has ${groups} groups of ${inChannels} channels.`,
    );
  }
  const depthMultiplier = outChannels / inChannels;
  return {
    layers: [
      ...before,
      tfl.layers.depthwiseConv2d({ ...shared, depthMultiplier, depthwiseInitializer: 'zeros' }),
    ],
    weights: (read) => [depthwiseKernel(read('weight'), depthMultiplier), ...bias(read)],
  };
}

function zeros(name: string, padding: number): tfl.layers.Layer[] {
  if (padding === 0) return [];
  return [
    tfl.layers.zeroPadding2d({
      name: `${name}.pad`,
      padding: [
        [padding, padding],
        [padding, padding],
      ],
    }),
  ];
}
