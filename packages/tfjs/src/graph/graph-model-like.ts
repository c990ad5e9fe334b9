import type * as tf from '@tensorflow/tfjs-core';

/** What we use of `tf.GraphModel`; so that tfjs-converter is needed only by those who load one. */
export interface GraphModelLike {
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly weights: Readonly<Record<string, tf.Tensor[]>>;
  execute(inputs: Record<string, tf.Tensor>, outputs: string | string[]): tf.Tensor | tf.Tensor[];
}

interface ValueInfo {
  readonly name: string;
  readonly shape?: readonly number[];
  readonly dtype: string;
}
