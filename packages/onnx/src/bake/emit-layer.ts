import type { PlannedDims } from '../autodiff/backward-model.ts';
import { reshape, slice, transpose } from '../autodiff/emit-math.ts';
import type { Emitter } from '../autodiff/emitter.ts';
import type { SpatialTensor } from '../layers/spatial-tensors.ts';
import type { LayerTensors } from './emit-maps.ts';

/** A layer's activations and gradients as [batch, channels, height, width], from the layout the model keeps them in. */
export function emitLayer(
  emit: Emitter,
  { layout }: SpatialTensor,
  activations: string,
  gradients: string,
  dims: PlannedDims,
): LayerTensors {
  const [, a, b, c] = dims as [unknown, number, number, number];
  if (layout === 'nchw') return { activations, gradients, channels: a, height: b, width: c };
  if (layout === 'nhwc') {
    const first = (tensor: string): string => transpose(emit, tensor, [0, 3, 1, 2]);
    return { activations: first(activations), gradients: first(gradients), channels: c, height: a, width: b };
  }
  const { prefix, grid } = layout;
  const [height, width] = grid;
  const cells = height * width;
  const first = (tensor: string): string => {
    const places = a === cells ? tensor : slice(emit, tensor, [1], [prefix], [prefix + cells]);
    return reshape(emit, transpose(emit, places, [0, 2, 1]), [-1, b, height, width]);
  };
  return { activations: first(activations), gradients: first(gradients), channels: b, height, width };
}
