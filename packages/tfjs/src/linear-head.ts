import type { LinearHead } from '@hybridcam/core';
import { view } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { backwardPath } from './backward.ts';
import type { Evaluation, GraphNode, ModelGraph } from './model-graph.ts';
import { readValues } from './read-values.ts';

/** The steps between the global mean and the logits if each of them is affine; else undefined. */
export function linearHeadSteps(
  graph: ModelGraph,
  pooled: string,
  logits: string,
): readonly GraphNode[] | undefined {
  const { nodes } = backwardPath(graph, logits, [pooled]);
  const affine = nodes.every(
    (node) =>
      node.rule !== undefined &&
      node.inputs.length === 1 &&
      (node.role === 'affine' || node.role === 'reshape' || node.role === 'identity'),
  );
  return affine ? nodes : undefined;
}

/**
 * logit = bias + weights · mean(A), exactly: the bias is what the steps make of zeros, the rows of `weights` are the gradients of
 * the single logits. Every step is linear, so its rule applied to all classes as one batch gives them at once.
 */
export async function readLinearHead(
  steps: readonly GraphNode[],
  pooled: string,
  classCount: number,
  evaluation: Pick<Evaluation, 'shapeOf'>,
): Promise<LinearHead> {
  const [weights, bias] = tf.tidy(() => {
    const batched = (value: string): number[] => [classCount, ...evaluation.shapeOf(value).slice(1)];
    let rest = [...steps];
    let rows: tf.Tensor | undefined;
    while (rest.length > 0) {
      const step = rest.at(-1)!;
      if (!rows && step.rule!.matrix) {
        rows = step.rule!.matrix();
      } else if (rows || step.role === 'affine') {
        const seed = tf.reshape(rows ?? tf.eye(classCount), batched(step.outputs[0]!));
        const [found] = step.rule!.vjp(seed, {
          inputShapes: [batched(step.inputs[0]!)],
          outputShape: batched(step.outputs[0]!),
          output: undefined,
        }) as [tf.Tensor];
        // A bias hands the identity through: still nothing to multiply with.
        if (rows || found !== seed) rows = found;
      }
      rest = rest.slice(0, -1);
    }
    let value: tf.Tensor = tf.zeros([1, ...evaluation.shapeOf(pooled).slice(1)]);
    for (const step of steps) [value] = step.run([value]) as [tf.Tensor];
    return [tf.reshape(rows ?? tf.eye(classCount), [classCount, -1]), tf.reshape(value, [-1])];
  });
  try {
    const channels = weights.shape[1]!;
    return {
      weights: view(await readValues('forward', weights), [classCount, channels]),
      bias: view(await readValues('forward', bias), [classCount]),
    };
  } finally {
    tf.dispose([weights, bias]);
  }
}
