import { type ForwardPass, ShapeError, view } from '@hybridcam/core';
import type { SpatialTensor } from '../layers/spatial-tensors.ts';
import { channelsFirst } from './image-tensor.ts';

/** A run's map as [batch, channels, height, width]. */
export function mapView(
  data: Float32Array,
  dims: readonly number[],
  layout: SpatialTensor['layout'],
  name: string,
): ForwardPass['logits'] {
  const axes = typeof layout === 'string' ? 4 : 3;
  if (dims.length !== axes) {
    throw new ShapeError(
      `forward: expected layer "${name}" to be a map of ${axes} axes; received [${dims.join(', ')}]. Choose another layer.`,
    );
  }
  if (typeof layout !== 'string') {
    const { prefix, grid } = layout;
    const [batch, tokens, channels] = dims as [number, number, number];
    const cells = grid[0] * grid[1];
    if (tokens < prefix + cells) {
      throw new ShapeError(
        `forward: expected at least ${prefix} + ${grid.join('×')} tokens at layer "${name}"; received ${tokens}. State them with the option "tokens".`,
      );
    }
    const places = new Float32Array(batch * cells * channels);
    for (let n = 0; n < batch; n++) {
      const start = (n * tokens + prefix) * channels;
      places.set(data.subarray(start, start + cells * channels), n * cells * channels);
    }
    return view(channelsFirst(places, batch, channels, cells), [batch, channels, ...grid]);
  }
  const [batch, a, b, c] = dims as [number, number, number, number];
  if (layout === 'nchw') return view(data, dims);
  return view(channelsFirst(data, batch, c, a * b), [batch, c, a, b]);
}
