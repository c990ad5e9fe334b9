import type { NdArray } from 'ndarray';
import { UnsupportedError } from '../errors.ts';
import type { LayerMaps } from './layer-maps.ts';
import type { Plan } from './plan-request.ts';
import type { Probe } from './probe-model.ts';

/**
 * `shared`, but for the maps of `layers`, which are made of more than the layer's activations and gradients. Their methods
 * are loaded when first needed.
 */
export async function probedMaps(
  { method, request }: Plan,
  layers: readonly string[],
  shared: LayerMaps,
  probe: Probe,
): Promise<LayerMaps> {
  if (request.eigenSmoothing) {
    throw new UnsupportedError(
      `explain: expected global average pooling + linear behind "${layers[0]}" for ${method.name} with eigenSmoothing; received another head. Use grad-cam.`,
    );
  }
  const { probeModel } = await import('./probe-model.ts');
  const probed = new Map<string, NdArray<Float32Array>>();
  for (const layer of layers) probed.set(layer, await probeModel(method, layer, probe));
  return {
    ...shared,
    map: (part, layer, smoothed) => probed.get(layer) ?? shared.map(part, layer, smoothed),
  };
}
