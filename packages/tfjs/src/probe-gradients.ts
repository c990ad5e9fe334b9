import * as tf from '@tensorflow/tfjs-core';
import { explainFailure } from './backward.ts';
import { downstream, type GraphNode, type ModelGraph } from './model-graph.ts';
import { tapeGradient } from './rules/tape-gradient.ts';

/** Stands in for a size that is only known when the model runs. */
const UNKNOWN_EXTENT = 16;

/**
 * Asks the backend in use about every step that has no rule of ours: one small gradient each, before the user waits for his
 * own. A missing kernel or gradient is thus known by name beforehand, and nothing is refused on suspicion.
 *
 * @returns by step name, why it cannot be differentiated
 */
export function probeGradients(graph: ModelGraph): Map<string, string> {
  const blocked = new Map<string, string>();
  const answers = new Map<string, string | undefined>();
  const spatial = graph.nodes.flatMap((node) =>
    node.outputs.filter((value) => graph.shapeOf(value)?.length === 4),
  );
  const below = downstream(
    graph.nodes.filter(({ differentiable }) => differentiable),
    spatial,
  );
  for (const node of graph.nodes) {
    if (node.blockedBy !== undefined) blocked.set(node.name, node.blockedBy);
    if (node.rule || node.blockedBy !== undefined || !node.differentiable) continue;
    if (!node.inputs.some((value) => below.has(value))) continue;
    if (!answers.has(node.probeKey)) answers.set(node.probeKey, probeStep(node, graph));
    const answer = answers.get(node.probeKey);
    if (answer !== undefined) blocked.set(node.name, answer);
  }
  return blocked;
}

function probeStep(node: GraphNode, graph: ModelGraph): string | undefined {
  const shapes = node.inputs.map((value) => graph.shapeOf(value));
  if (shapes.some((shape) => shape === undefined) || !node.inputs.every((value) => graph.isFloat(value)))
    return undefined;
  return tf.tidy(() => {
    const inputs = shapes.map((shape, i) =>
      tf.randomNormal(
        shape!.map((extent, axis) => extent ?? (axis === 0 ? 1 : UNKNOWN_EXTENT)),
        0,
        1,
        'float32',
        i + 1,
      ),
    );
    let outputs: tf.Tensor[];
    try {
      outputs = node.run(inputs);
    } catch (error) {
      // Otherwise the made-up size does not suit the step: no verdict; a failure with the real one is reported then.
      return isMissingKernel(error) ? explainFailure(node, error) : undefined;
    }
    try {
      tapeGradient(
        (given) => node.run(given),
        inputs,
        outputs.map((output) => tf.ones(output.shape)),
        inputs.map(() => true),
      );
      return undefined;
    } catch (error) {
      return explainFailure(node, error);
    }
  });
}

/** Whether the backend cannot run the step at all, of whatever size. */
function isMissingKernel(error: unknown): boolean {
  return error instanceof Error && /^Kernel '.*' not registered for backend/.test(error.message);
}
