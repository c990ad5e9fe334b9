import { type ArrayView, pack } from '@hybridcam/core';
import type { SpatialTensor } from '../layers/spatial-tensors.ts';
import type { OrtRuntime, OrtTensor } from '../ort.ts';
import { channelsLast, floatTensor } from './image-tensor.ts';
import { ortFloats } from './ort-floats.ts';

/**
 * The runtime's tensor of a map [batch, channels, height, width], in the layout and type of `original`, the layer's own in that run:
 * the inverse of `mapView`. Tokens that are no places (a class token) stay the original's.
 */
export async function layerTensor(
  ort: OrtRuntime,
  map: ArrayView,
  original: OrtTensor,
  { layout, name }: SpatialTensor,
): Promise<OrtTensor> {
  const values = pack(map);
  const [batch, channels, height, width] = map.shape as [number, number, number, number];
  if (layout === 'nchw') return floatTensor(ort, original.type, values, original.dims);
  const last = channelsLast(values, batch, channels, height * width);
  if (typeof layout === 'string') return floatTensor(ort, original.type, last, original.dims);
  const tokens = (await ortFloats(original, name)).slice();
  const size = height * width * channels;
  for (let n = 0; n < batch; n++) {
    const start = (n * original.dims[1]! + layout.prefix) * channels;
    tokens.set(last.subarray(n * size, (n + 1) * size), start);
  }
  return floatTensor(ort, original.type, tokens, original.dims);
}
