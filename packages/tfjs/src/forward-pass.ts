import {
  CamError,
  type ForwardPass,
  type LayerGradients,
  type LinearHead,
  type NdArray,
  NonFiniteError,
  OptionError,
  pack,
  ShapeError,
  throwIfAborted,
  UnsupportedError,
  view,
} from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { allFinite } from './all-finite.ts';
import type { Evaluation, ModelGraph } from './model-graph.ts';
import { readValues } from './read-values.ts';
import type { LayerSite } from './spatial-layers.ts';
import { sweptGradients } from './swept-gradients.ts';
import { tailScores } from './tail-scores.ts';

export interface ForwardRecord {
  readonly graph: ModelGraph;
  readonly logitsValue: string;
  readonly classCount: number;
  /** By canonical name: the layers asked for. */
  readonly sites: ReadonlyMap<string, LayerSite>;
  /** Names of those whose tails can be run. */
  readonly tails: ReadonlySet<string>;
  /** Holds what `backward` needs; freed by `dispose`. */
  readonly evaluation: Evaluation;
  readonly logits: NdArray<Float32Array>;
  readonly scoreKind: ForwardPass['scoreKind'];
  readonly activations: ReadonlyMap<string, NdArray<Float32Array>>;
  readonly linearHeads: ReadonlyMap<string, LinearHead>;
  /** Throws where another backend is active than when the model was made. */
  expectBackend(where: string): void;
  onDispose(): void;
}

/** The pass over what one run of the model left behind. */
export function forwardPass(record: ForwardRecord): ForwardPass {
  const { graph, logitsValue, classCount, sites, evaluation, logits } = record;
  let disposed = false;
  const siteOf = (layer: string, where: string): LayerSite => {
    const site = sites.get(layer);
    if (site) return site;
    throw new OptionError(
      `${where}: expected a layer named in forward({ layers }); received "${layer}". This pass knows: ` +
        `${[...sites.keys()].join(', ') || 'none'}.`,
    );
  };
  return {
    logits,
    scoreKind: record.scoreKind,
    activations(layer) {
      siteOf(layer, 'activations');
      return record.activations.get(layer)!;
    },
    linearHead(layer) {
      siteOf(layer, 'linearHead');
      return record.linearHeads.get(layer);
    },
    async gradients(layers, cotangent, options) {
      const where = 'gradients';
      throwIfAborted(options?.signal, where);
      if (disposed)
        throw new CamError('RUNTIME', `${where}: expected a live pass; it was disposed. Run forward again.`);
      record.expectBackend(where);
      const requested = layers.map((layer) => ({ layer, site: siteOf(layer, where) }));
      for (const { layer, site } of requested) {
        if (site.layer.gradient === 'unavailable') {
          throw new UnsupportedError(`${where}: no gradient at layer "${layer}": ${site.layer.blockedBy}.`);
        }
      }
      const seed = checkCotangent(cotangent, logits.shape[0]!, classCount);
      if (requested.length === 0) return new Map();
      const result = new Map<string, LayerGradients>();
      for (const { layer } of requested) {
        const head = record.linearHeads.get(layer);
        if (head) result.set(layer, closedForm(head, seed, record.activations.get(layer)!.shape));
      }
      const swept = requested.filter(({ layer }) => !result.has(layer));
      if (swept.length === 0) return result;
      const tensors = sweptGradients(
        record,
        seed,
        swept.map(({ site }) => site),
      );
      try {
        for (const [i, tensor] of tensors.entries()) {
          const values = await readValues(where, tensor);
          throwIfAborted(options?.signal, where);
          result.set(swept[i]!.layer, view(Float32Array.from(values), tensor.shape));
        }
        return result;
      } finally {
        tf.dispose(tensors);
      }
    },
    async scoresFrom(layer, activations, options) {
      const where = 'scoresFrom';
      throwIfAborted(options?.signal, where);
      if (disposed)
        throw new CamError('RUNTIME', `${where}: expected a live pass; it was disposed. Run forward again.`);
      record.expectBackend(where);
      const site = siteOf(layer, where);
      if (!record.tails.has(layer)) {
        throw new OptionError(
          `${where}: expected a layer named in the option "tails" of forward; received "${layer}".`,
        );
      }
      const { shape } = record.activations.get(layer)!;
      return tailScores(graph, site, logitsValue, evaluation, activations, shape, classCount);
    },
    dispose() {
      if (disposed) return;
      disposed = true;
      tf.dispose([...evaluation.values.values()]);
      record.onDispose();
    },
  };
}

/** Behind a linear head: ∂⟨cotangent, logits⟩/∂A_k = Σ_c cotangent_c · weights_ck / cells. One class costs one row. */
function closedForm(
  { weights }: LinearHead,
  cotangent: Float32Array,
  [batch, channels, height, width]: readonly number[],
): LayerGradients {
  const cells = height! * width!;
  const classCount = cotangent.length / batch!;
  const gradients = new Float32Array(batch! * channels!);
  for (let n = 0; n < batch!; n++) {
    const sums = new Float64Array(channels!);
    for (let c = 0; c < classCount; c++) {
      const factor = cotangent[n * classCount + c]!;
      if (factor === 0) continue;
      for (let k = 0; k < channels!; k++) sums[k] = sums[k]! + factor * weights.data[c * channels! + k]!;
    }
    for (let k = 0; k < channels!; k++) gradients[n * channels! + k] = sums[k]! / cells;
  }
  return view(gradients, [batch!, channels!]);
}

function checkCotangent(cotangent: NdArray<Float32Array>, batch: number, classCount: number): Float32Array {
  const { shape } = cotangent;
  if (shape.length !== 2 || shape[0] !== batch || shape[1] !== classCount) {
    throw new ShapeError(
      `gradients: expected cotangent [batch, classes] = [${batch}, ${classCount}]; received shape [${shape}].`,
    );
  }
  const values = pack(cotangent);
  if (!allFinite(values)) {
    throw new NonFiniteError('gradients: expected a finite cotangent; received NaN or infinity.');
  }
  return values;
}
