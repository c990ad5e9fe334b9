import { batchNormAxisDefect, convolutionDefect, depthwiseDilationDefect } from '../known-defects.ts';
import { type KerasShape, type Layer, normalizedAxis, pair, windowGeometry } from './layer-rule.ts';

/** What TensorFlow.js computes wrongly in this layer on the backend in use, and what to do; undefined where it is right. */
export function layerDefect(layer: Layer, inputShape: KerasShape): string | undefined {
  const config = layer.getConfig() as Readonly<Record<string, unknown>>;
  const kind = layer.getClassName();
  if (kind === 'BatchNormalization') {
    const axis = normalizedAxis(config);
    return axis === -1 || axis === inputShape.length - 1 ? undefined : batchNormAxisDefect(axis);
  }
  if (!WINDOWED.has(kind)) return undefined;
  const geometry = windowGeometry(config, config['strides']);
  if (kind === 'DepthwiseConv2D' && geometry.dilations.some((dilation) => dilation !== 1)) {
    return depthwiseDilationDefect(geometry.dilations);
  }
  const size = config['dataFormat'] === 'channelsFirst' ? inputShape.slice(2) : inputShape.slice(1, 3);
  return convolutionDefect(pair(config['kernelSize']), geometry, size);
}

const WINDOWED = new Set(['Conv2D', 'DepthwiseConv2D', 'SeparableConv2D']);
