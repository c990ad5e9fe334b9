import { UnsupportedError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { downstream, type Evaluation, type GraphNode, type ModelGraph, upstream } from './model-graph.ts';
import { tapeGradient } from './rules/tape-gradient.ts';

/** The values that the forward pass must keep so that `backward` can start at `from` and end at `wanted`. */
export function keptForBackward(graph: ModelGraph, from: string, wanted: Iterable<string>): Set<string> {
  const { nodes } = backwardPath(graph, from, wanted);
  const kept = new Set<string>();
  for (const node of nodes) {
    const needs = node.rule?.needs ?? 'inputs';
    if (needs === 'inputs' || needs === 'input-and-output') for (const value of node.inputs) kept.add(value);
    if (needs === 'output' || needs === 'input-and-output') for (const value of node.outputs) kept.add(value);
  }
  return kept;
}

/**
 * Reverse-mode sweep: ∂⟨seed, value(from)⟩/∂value for every wanted value, in one pass from the scores to the earliest of them.
 * A later layer's gradient is what passes by on the way, so several layers cost no more than the earliest alone.
 * Synchronous, so two explanations cannot meet inside; tensors returned are kept and belong to the caller.
 */
export function backward(
  graph: ModelGraph,
  evaluation: Evaluation,
  from: string,
  seed: tf.Tensor,
  wanted: ReadonlySet<string>,
): Map<string, tf.Tensor> {
  const { nodes, reached } = backwardPath(graph, from, wanted);
  const pending = new Map<string, tf.Tensor>([[from, tf.keep(tf.clone(seed))]]);
  const found = new Map<string, tf.Tensor>();
  const inUse = (tensor: tf.Tensor): boolean =>
    [...pending.values(), ...found.values()].some((other) => other === tensor);
  try {
    for (const node of [...nodes].reverse()) {
      const outputGradients = node.outputs.map((value) => pending.get(value));
      for (const value of node.outputs) {
        if (wanted.has(value) && pending.has(value)) found.set(value, pending.get(value)!);
      }
      if (outputGradients.every((gradient) => gradient === undefined)) continue;
      const inputGradients = stepGradients(node, evaluation, outputGradients, reached);
      for (const value of node.outputs) pending.delete(value);
      const spent = new Set(
        [...outputGradients, ...inputGradients].filter((gradient) => gradient !== undefined),
      );
      node.inputs.forEach((value, i) => {
        const gradient = inputGradients[i];
        const earlier = pending.get(value);
        if (gradient && earlier) spent.add(earlier);
        if (gradient) pending.set(value, earlier ? tf.keep(tf.add(earlier, gradient)) : gradient);
      });
      for (const gradient of spent) if (!inUse(gradient)) gradient.dispose();
    }
    for (const value of wanted) {
      const gradient = pending.get(value);
      if (gradient) found.set(value, gradient);
    }
    return found;
  } catch (error) {
    for (const gradient of found.values()) gradient.dispose();
    found.clear();
    throw error;
  } finally {
    for (const gradient of pending.values()) {
      if (![...found.values()].includes(gradient)) gradient.dispose();
    }
  }
}

/** The steps between `from` and the wanted values, in forward order, and all values on the way. */
export function backwardPath(
  graph: ModelGraph,
  from: string,
  wanted: Iterable<string>,
): { nodes: GraphNode[]; reached: Set<string> } {
  const smooth = graph.nodes.filter(({ differentiable }) => differentiable);
  const below = downstream(smooth, wanted);
  const above = upstream(smooth, from);
  const reached = new Set([...below].filter((value) => above.has(value)));
  const nodes = smooth.filter(
    (node) =>
      node.outputs.some((value) => reached.has(value)) && node.inputs.some((value) => reached.has(value)),
  );
  return { nodes, reached };
}

function stepGradients(
  node: GraphNode,
  evaluation: Evaluation,
  outputGradients: readonly (tf.Tensor | undefined)[],
  reached: ReadonlySet<string>,
): (tf.Tensor | undefined)[] {
  const wanted = node.inputs.map((value) => reached.has(value));
  const keepAll = (gradients: readonly (tf.Tensor | undefined)[]): (tf.Tensor | undefined)[] =>
    gradients.map((gradient, i) => (gradient && wanted[i] ? tf.keep(gradient) : undefined));
  const result: { gradients: (tf.Tensor | undefined)[] } = { gradients: [] };
  tf.tidy(() => {
    if (node.rule) {
      result.gradients = keepAll(
        node.rule.vjp(outputGradients[0]!, {
          inputShapes: node.inputs.map((value) => evaluation.shapeOf(value)),
          outputShape: evaluation.shapeOf(node.outputs[0]!),
          input: evaluation.values.get(node.inputs[0]!),
          output: evaluation.values.get(node.outputs[0]!),
        }),
      );
      return;
    }
    const inputs = node.inputs.map((value) => evaluation.values.get(value)!);
    try {
      result.gradients = keepAll(tapeGradient((given) => node.run(given), inputs, outputGradients, wanted));
    } catch (error) {
      throw new UnsupportedError(`gradients: ${explainFailure(node, error)}`, { cause: error });
    }
  });
  return result.gradients;
}

/** What TensorFlow.js says, with the step's name and op in front. */
export function explainFailure(node: GraphNode, error: unknown): string {
  const message = (error instanceof Error ? error.message : String(error)).split('\n')[0]!;
  return `${node.op} "${node.name}" cannot be differentiated on backend ${tf.getBackend()}: ${message}`;
}
