import { type NdArray, OptionError, pack, ShapeError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { evaluateNodes } from './evaluate-nodes.ts';
import { downstream, type Evaluation, type GraphNode, type ModelGraph, upstream } from './model-graph.ts';
import { readLogits } from './run-graph.ts';
import { runtimeError } from './runtime-error.ts';
import type { LayerSite } from './spatial-layers.ts';

/** The steps behind a value up to the scores, and the other values they read: those that reach the scores around it. */
export function tailOf(
  graph: ModelGraph,
  value: string,
  logits: string,
): { readonly nodes: readonly GraphNode[]; readonly sides: readonly string[] } {
  const behind = downstream(graph.nodes, [value]);
  const needed = upstream(graph.nodes, logits);
  const nodes = graph.nodes.filter(
    (node) =>
      !node.outputs.includes(value) &&
      node.outputs.some((output) => behind.has(output) && needed.has(output)),
  );
  const sides = new Set(nodes.flatMap(({ inputs }) => inputs.filter((input) => !behind.has(input))));
  return { nodes, sides: [...sides] };
}

/**
 * The scores [batch, classes] with other activations at a layer; `evaluation` is that of the forward pass and holds the tail's sides.
 * @throws ShapeError for activations of another shape than the layer's
 */
export async function tailScores(
  graph: ModelGraph,
  site: LayerSite,
  logits: string,
  evaluation: Evaluation,
  activations: NdArray<Float32Array>,
  shape: readonly number[],
  classCount: number,
): Promise<NdArray<Float32Array>> {
  if (activations.shape.join() !== shape.join()) {
    throw new ShapeError(
      `scoresFrom: expected activations [${shape}] like the layer's own; received shape [${activations.shape}].`,
    );
  }
  if (site.value === logits) throw new OptionError('scoresFrom: expected a layer before the scores.');
  const { nodes, sides } = tailOf(graph, site.value, logits);
  const replacement = tf.tidy(() => {
    const given = tf.tensor4d(pack(activations), shape as [number, number, number, number]);
    return tf.keep(graph.layout === 'NHWC' ? tf.transpose(given, [0, 2, 3, 1]) : tf.clone(given));
  });
  try {
    const given = new Map([
      [site.value, replacement],
      ...sides.map((side) => [side, evaluation.values.get(side)!] as const),
    ]);
    const result = evaluateNodes(nodes, given, new Set([logits]));
    const scores = result.values.get(logits)!;
    try {
      return await readLogits(scores, shape[0]!, classCount);
    } finally {
      scores.dispose();
    }
  } catch (error) {
    throw runtimeError('scoresFrom', error);
  } finally {
    replacement.dispose();
  }
}
