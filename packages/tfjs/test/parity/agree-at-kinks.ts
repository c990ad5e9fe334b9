import type { Model } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { layersGraph } from '../../src/layers/layers-graph.ts';
import type { Evaluation, ModelGraph } from '../../src/model-graph.ts';
import { tfjsModel } from '../../src/tfjs-model.ts';
import { createWeightCache } from '../../src/weight-cache.ts';

/** What was taken over from the other runtime at one layer. */
export interface KinkReport {
  readonly layer: string;
  /** Activations that lie on different sides of 0 or 6 in the two runtimes. */
  readonly flipped: number;
  /** Largest difference between the runtimes among those, */
  readonly farthest: number;
  /** and among all others of the layer. */
  readonly others: number;
}

/** What the other runtime computed, as plain numbers, so that they can go into a page. */
export interface Theirs {
  /** By our layer names, [1, channels, height, width]. */
  readonly activations: Readonly<Record<string, readonly number[]>>;
  /** The upper kink: 6 for relu6, Infinity for relu. */
  readonly ceiling: number;
}

/**
 * The model, but with `theirs` taken over wherever an activation lies on the other side of a kink there, 0 or the ceiling. A gradient
 * is exact on either side; on which side rounding puts an activation that is 0 or 6 but for the last bits is chance. With the sides
 * made equal, what is left is rounding of the gradient itself.
 */
export function agreeAtKinks(
  source: LayersModel,
  theirs: Theirs,
): { model: Model; reports(): Promise<KinkReport[]> } {
  const cache = createWeightCache();
  const graph = layersGraph(source, undefined, cache);
  const pending: { readonly layer: string; readonly numbers: tf.Tensor }[] = [];
  const agreeing: ModelGraph = {
    ...graph,
    evaluate(input, fetch): Evaluation {
      const evaluation = graph.evaluate(input, fetch);
      const values = new Map(evaluation.values);
      for (const { name, outputs } of graph.nodes) {
        const ours = values.get(outputs[0]!);
        const other = theirs.activations[name];
        if (ours === undefined || other === undefined) continue;
        const { agreed, numbers } = agree(ours, other, theirs.ceiling);
        values.set(outputs[0]!, agreed);
        pending.push({ layer: name, numbers });
        ours.dispose();
      }
      return { ...evaluation, values };
    },
  };
  return {
    model: tfjsModel(agreeing, cache, {
      identity: { runtime: 'tfjs', name: 'agreeing', sha256: undefined },
      labels: undefined,
    }),
    async reports() {
      return Promise.all(
        pending.splice(0).map(async ({ layer, numbers }) => {
          const [flipped, farthest, others] = await numbers.data();
          numbers.dispose();
          return { layer, flipped: flipped!, farthest: farthest!, others: others! };
        }),
      );
    },
  };
}

function agree(
  ours: tf.Tensor,
  channelsFirst: readonly number[],
  ceiling: number,
): { agreed: tf.Tensor; numbers: tf.Tensor } {
  const [batch, height, width, channels] = ours.shape as [number, number, number, number];
  const result = tf.tidy(() => {
    const other = tf.transpose(
      tf.tensor4d(Float32Array.from(channelsFirst), [batch, channels, height, width]),
      [0, 2, 3, 1],
    );
    const inside = (x: tf.Tensor) => tf.logicalAnd(tf.greater(x, 0), tf.less(x, ceiling));
    const flipped = tf.cast(
      tf.notEqual(tf.cast(inside(ours), 'int32'), tf.cast(inside(other), 'int32')),
      'float32',
    );
    const difference = tf.abs(tf.sub(ours, other));
    return [
      tf.add(tf.mul(other, flipped), tf.mul(ours, tf.sub(1, flipped))),
      tf.stack([
        tf.sum(flipped),
        tf.max(tf.mul(difference, flipped)),
        tf.max(tf.mul(difference, tf.sub(1, flipped))),
      ]),
    ];
  });
  const [agreed, numbers] = result.map((tensor) => tf.keep(tensor)) as [tf.Tensor, tf.Tensor];
  return { agreed, numbers };
}
