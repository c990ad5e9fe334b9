import type { Emitter } from '../autodiff/emitter.ts';
import type { BakeRequest } from './bake-options.ts';
import {
  emitFuse,
  emitMap,
  emitNormalize,
  emitUpsample,
  type LayerTensors,
  type MapTensor,
} from './emit-maps.ts';

/** A tensor of the graph that becomes an output: [batch, …dims]. */
export interface Result {
  readonly name: string;
  readonly tensor: string;
  readonly dims: readonly number[];
}

/** Everything the file returns beside the model's own outputs. `alpha`: undefined where the method does not mix. */
export function emitRequested(
  emit: Emitter,
  { method, normalize, outputs, prefix }: BakeRequest,
  layers: readonly LayerTensors[],
  alpha: number | string | undefined,
  inputSize: readonly [height: number, width: number],
): Result[] {
  const [first, second = first] = layers as readonly [LayerTensors, LayerTensors?];
  const combine = ([height, width]: readonly [number, number]): MapTensor => {
    const coarse = emitUpsample(emit, emitMap(emit, 'grad-cam', first), height, width);
    const fine = emitUpsample(emit, emitMap(emit, 'layer-cam', second), height, width);
    return emitFuse(emit, coarse, fine, alpha!);
  };
  const finest = [Math.max(first.height, second.height), Math.max(first.width, second.width)] as const;
  const mixes = method === 'hybrid' || method === 'cross-layer-hybrid';
  const raw = mixes ? combine(finest) : emitMap(emit, method, first);
  const results = [mapResult(`${prefix}cam`, emitNormalize(emit, raw, normalize))];
  for (const output of outputs) {
    if (output === 'saliency') {
      // As core's `explain`: one layer's map is normalised, then enlarged; two are enlarged, then fused.
      const kind = normalize === 'none' ? 'max' : normalize;
      const saliency =
        method === 'cross-layer-hybrid'
          ? emitNormalize(emit, combine(inputSize), kind)
          : emitUpsample(emit, emitNormalize(emit, raw, kind), ...inputSize);
      results.push(mapResult(`${prefix}saliency`, saliency));
      continue;
    }
    const suffix = (i: number): string => (method === 'cross-layer-hybrid' ? `_${i + 1}` : '');
    layers.forEach((layer, i) => {
      const dims = [layer.channels, layer.height, layer.width];
      results.push({ name: `${prefix}${output}${suffix(i)}`, tensor: layer[output], dims });
    });
  }
  return results;
}

function mapResult(name: string, { tensor, height, width }: MapTensor): Result {
  return { name, tensor, dims: [height, width] };
}
