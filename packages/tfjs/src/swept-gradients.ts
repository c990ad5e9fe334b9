import * as tf from '@tensorflow/tfjs-core';
import { backward } from './backward.ts';
import { channelsFirst } from './channels-first.ts';
import type { Evaluation, ModelGraph } from './model-graph.ts';
import { runtimeError } from './runtime-error.ts';
import type { LayerSite } from './spatial-layers.ts';

interface Swept {
  readonly graph: ModelGraph;
  readonly logitsValue: string;
  readonly evaluation: Evaluation;
}

/**
 * The gradients at the sites of ⟨seed, scores⟩, in one backward sweep: [batch, channels, height, width], or [batch, channels] where every
 * cell has the same. The tensors belong to the caller.
 * @throws CamError of code RUNTIME where TensorFlow.js fails
 */
export function sweptGradients(
  { graph, logitsValue, evaluation }: Swept,
  seed: Float32Array,
  sites: readonly LayerSite[],
): tf.Tensor[] {
  const wanted = new Set(sites.map(({ pooled, value }) => pooled ?? value));
  try {
    return tf.tidy(() => {
      const start = tf.tensor(seed, [...evaluation.shapeOf(logitsValue)], 'float32');
      const found = backward(graph, evaluation, logitsValue, start, wanted);
      try {
        return sites.map((site) => toLayerGradients(site, found, evaluation, graph.layout));
      } finally {
        tf.dispose([...found.values()]);
      }
    });
  } catch (error) {
    throw runtimeError('gradients', error);
  }
}

function toLayerGradients(
  site: LayerSite,
  found: ReadonlyMap<string, tf.Tensor>,
  evaluation: Evaluation,
  layout: 'NHWC' | 'NCHW',
): tf.Tensor {
  const shape = evaluation.shapeOf(site.value);
  if (site.pooled === undefined) return channelsFirst(found.get(site.value) ?? tf.zeros([...shape]), layout);
  const [height, width] = layout === 'NHWC' ? [shape[1]!, shape[2]!] : [shape[2]!, shape[3]!];
  // Behind a mean over all cells every cell has the same gradient: the pooled one, shared out.
  const pooled = found.get(site.pooled) ?? tf.zeros([...evaluation.shapeOf(site.pooled)]);
  return tf.div(tf.reshape(pooled, [shape[0]!, -1]), height * width);
}
