import type { NdArray } from 'ndarray';
import { UnsupportedError } from '../errors.ts';
import { eigenSmoothed } from '../map/eigen-smooth.ts';
import { targetWeights } from '../map/evidence-ledger.ts';
import { type HybridParents, hybridParents } from '../methods/hybrid-parents.ts';
import { type MethodName, methodTable } from '../methods/method-table.ts';
import type { ForwardPass, LayerGradients, LinearHead } from '../model.ts';
import { view } from '../view.ts';

/** The tensors and raw maps of one image and one target, by layer; each map is computed once. */
export interface LayerMaps {
  /** [channels, height, width]. */
  activations(layer: string): NdArray<Float32Array>;
  /** [channels, height, width] or [channels]; undefined where they were not asked for. */
  gradients(layer: string): NdArray<Float32Array> | undefined;
  /** Raw map [height, width] of a single-layer method; `smoothed`: its channels joined by eigen smoothing. */
  map(method: MethodName, variant: string, layer: string, smoothed?: boolean): NdArray<Float32Array>;
  /** What the hybrid of one layer is made of. */
  hybridParents(layer: string): HybridParents;
}

export function layerMaps(
  pass: ForwardPass,
  gradients: ReadonlyMap<string, LayerGradients>,
  cotangent: Float32Array,
  score: number,
): LayerMaps {
  const known = new Map<string, NdArray<Float32Array>>();
  const knownParents = new Map<string, HybridParents>();
  const ofImage = (batch: NdArray<Float32Array>) => batch.pick(0, ...batch.shape.slice(1).map(() => null));
  const layerActivations = (layer: string) => ofImage(pass.activations(layer));
  const layerGradients = (layer: string) => {
    const batch = gradients.get(layer);
    return batch && ofImage(batch);
  };
  const compute = (
    method: MethodName,
    variant: string,
    layer: string,
    smoothed: boolean,
  ): NdArray<Float32Array> => {
    const { needs, compute, terms } = methodTable[method];
    const weights =
      needs === 'head'
        ? channelWeights(method, layer, pass.linearHead(layer), cotangent)
        : layerGradients(layer);
    const activations = layerActivations(layer);
    if (!smoothed) return compute!(activations, weights!, variant, score);
    const [, height, width] = activations.shape as [number, number, number];
    return eigenSmoothed('explain', terms!(activations, weights!, variant, score), height, width);
  };
  return {
    activations: layerActivations,
    gradients: layerGradients,
    map(method, variant, layer, smoothed = false) {
      const key = JSON.stringify([method, variant, layer, smoothed]);
      const map = known.get(key) ?? compute(method, variant, layer, smoothed);
      known.set(key, map);
      return map;
    },
    hybridParents(layer) {
      const parents =
        knownParents.get(layer) ?? hybridParents(layerActivations(layer), layerGradients(layer)!);
      knownParents.set(layer, parents);
      return parents;
    },
  };
}

function channelWeights(
  method: MethodName,
  layer: string,
  head: LinearHead | undefined,
  cotangent: Float32Array,
): NdArray<Float32Array> {
  if (head === undefined) {
    throw new UnsupportedError(
      `explain: expected global average pooling + linear behind "${layer}" for ${method}; received another head. Use grad-cam.`,
    );
  }
  const { weights } = targetWeights(head, cotangent);
  return view(Float32Array.from(weights), [weights.length]);
}
