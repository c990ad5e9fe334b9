import * as tf from '@tensorflow/tfjs-core';

/**
 * Tensors derived from the model's weights (flipped filters, folded scales), made at first use and kept until `dispose`.
 * Without it a convolution on wasm repacks its filter at every call, which costs more than the convolution.
 */
export interface WeightCache {
  /** The tensor for `key`; made anew when one of `sources` has been given other values (fine-tuning, `setWeights`). */
  get(key: string, sources: readonly tf.Tensor[], make: () => tf.Tensor): tf.Tensor;
  readonly size: number;
  dispose(): void;
}

export function createWeightCache(): WeightCache {
  const entries = new Map<string, { tensor: tf.Tensor; dataIds: readonly object[] }>();
  return {
    get(key, sources, make) {
      const found = entries.get(key);
      if (found && sources.every((source, i) => source.dataId === found.dataIds[i])) return found.tensor;
      found?.tensor.dispose();
      entries.delete(key);
      // Without a scope of its own the tensor would be freed by whatever tidy surrounds the first use.
      const tensor = tf.keep(tf.tidy(make));
      entries.set(key, { tensor, dataIds: sources.map((source) => source.dataId) });
      return tensor;
    },
    get size() {
      return entries.size;
    },
    dispose() {
      for (const { tensor } of entries.values()) tensor.dispose();
      entries.clear();
    },
  };
}
