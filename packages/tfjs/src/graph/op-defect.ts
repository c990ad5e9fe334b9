import { convolutionDefect } from '../known-defects.ts';
import type { Weight } from '../rules/linear-rules.ts';
import { integers, type NodeDef, text } from './node-attributes.ts';
import { windowGeometry } from './op-attributes.ts';

/** What TensorFlow.js passes over in this op whatever the backend, and what to do; undefined where it is right. */
export function formatDefect(node: NodeDef): string | undefined {
  if (text(node, 'data_format') === 'NCHW' && READ_AS_CHANNELS_LAST.has(node.op)) {
    return 'the converter of TensorFlow.js 4.22 passes over its data format NCHW. Export the model with channels last.';
  }
  if (node.op === 'Conv2DBackpropInput' && integers(node, 'dilations').some((dilation) => dilation !== 1)) {
    return 'the converter of TensorFlow.js 4.22 leaves out its dilation. Export the model without dilation in a transposed convolution.';
  }
  return undefined;
}

/** What the backend in use computes wrongly in this op; `filter` is given where it is a constant. */
export function opDefect(
  node: NodeDef,
  inputShape: readonly (number | undefined)[] | undefined,
  filter: Weight | undefined,
): string | undefined {
  const geometry = CONVOLUTIONS.has(node.op) ? windowGeometry(node) : undefined;
  if (!geometry || !filter || !inputShape) return undefined;
  const channelsFirst = text(node, 'data_format') === 'NCHW';
  const size = channelsFirst ? inputShape.slice(2) : inputShape.slice(1, 3);
  const [height, width] = filter().shape as [number, number, ...number[]];
  return convolutionDefect([height, width], geometry, size);
}

const CONVOLUTIONS = new Set([
  'Conv2D',
  '_FusedConv2D',
  'DepthwiseConv2dNative',
  'FusedDepthwiseConv2dNative',
]);

const READ_AS_CHANNELS_LAST = new Set([
  'AvgPool',
  'MaxPool',
  'MaxPoolWithArgmax',
  'FusedBatchNorm',
  'FusedBatchNormV2',
  'FusedBatchNormV3',
  'BiasAdd',
  'Conv2DBackpropInput',
]);
