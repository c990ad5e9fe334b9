import type { NdArray } from 'ndarray';
import { type HybridParents, hybridParents } from '../methods/hybrid-parents.ts';
import type { ResolvedMethod } from '../methods/method-call.ts';
import { plainFormulas } from '../methods/plain-formulas.ts';
import type { ForwardPass, LayerGradients } from '../model.ts';
import type * as everyRequest from './every-request.ts';
import { once } from './once.ts';

/** What decides a map of one layer. */
type MapMethod = Pick<ResolvedMethod, 'name' | 'variant' | 'facts'>;

/** The tensors and raw maps of one image and one target, by layer; each map is computed once. */
export interface LayerMaps {
  /** [channels, height, width]. */
  activations(layer: string): NdArray<Float32Array>;
  /** [channels, height, width] or [channels]; undefined where they were not asked for. */
  gradients(layer: string): NdArray<Float32Array> | undefined;
  /** Raw map [height, width] of a single-layer method; `smoothed`: its channels joined by eigen smoothing. */
  map(method: MapMethod, layer: string, smoothed?: boolean): NdArray<Float32Array>;
  /** What the hybrid of one layer is made of. */
  hybridParents(layer: string): HybridParents;
}

export function layerMaps(
  pass: ForwardPass,
  gradients: ReadonlyMap<string, LayerGradients>,
  cotangent: Float32Array,
  score: number,
  every: typeof everyRequest | undefined,
): LayerMaps {
  const known = new Map<string, NdArray<Float32Array>>();
  const knownActivations = new Map<string, NdArray<Float32Array>>();
  const knownParents = new Map<string, HybridParents>();
  const ofImage = (batch: NdArray<Float32Array>) => batch.pick(0, ...batch.shape.slice(1).map(() => null));
  const layerActivations = (layer: string) =>
    once(knownActivations, layer, () => ofImage(pass.activations(layer)));
  const layerGradients = (layer: string) => {
    const batch = gradients.get(layer);
    return batch && ofImage(batch);
  };
  return {
    activations: layerActivations,
    gradients: layerGradients,
    map: ({ name, variant, facts }, layer, smoothed = false) =>
      once(known, JSON.stringify([name, variant, layer, smoothed]), () => {
        const weights =
          facts.needs === 'head'
            ? every!.channelWeights(name, layer, pass.linearHead(layer), cotangent)
            : layerGradients(layer);
        const formulas = every && (smoothed ? every.smoothedFormulas : every.layerFormulas);
        const formula = (formulas ?? plainFormulas)[name]!;
        return formula(layerActivations(layer), weights!, variant, score);
      }),
    hybridParents: (layer) =>
      once(knownParents, layer, () => hybridParents(layerActivations(layer), layerGradients(layer)!)),
  };
}
