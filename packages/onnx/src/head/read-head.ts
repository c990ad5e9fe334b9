import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import { readStep } from './read-step.ts';
import { type HeadQuestion, length, type Slot } from './step-context.ts';
import type { VectorHead } from './vector-head.ts';
import type { VectorStep } from './vector-step.ts';

/**
 * Reads everything between the pooled vector and the scores as a program on vectors.
 * Returns the reason, naming op and node, where an operation is not one that we differentiate by hand.
 */
export function readHead(question: HeadQuestion): VectorHead | { readonly blockedBy: string } {
  const { graph, pooled, scores } = question;
  const forward = forwardReachable(graph, [pooled]);
  const backward = backwardReachable(graph, [scores]);
  const slots = new Map<string, Slot>([[pooled, { index: 0, shape: question.pooledShape }]]);
  const steps: VectorStep[] = [];
  for (const node of graph.nodes) {
    if (!node.outputs.some((name) => forward.has(name) && backward.has(name))) continue;
    const output = node.outputs[0]!;
    if (output === pooled) continue;
    const result = readStep(question, node, slots);
    if (typeof result === 'string')
      return { blockedBy: `${node.opType} "${node.name || output}": ${result}` };
    const { operation, shape } = result;
    const inputs = node.inputs.flatMap((name) => slots.get(name)?.index ?? []);
    const what = `${node.opType} "${node.name || output}"`;
    const index = slots.size;
    slots.set(output, { index, shape });
    steps.push({ ...operation, what, inputs, output: index });
  }
  const last = slots.get(scores);
  if (!last) return { blockedBy: `nothing leads from "${pooled}" to the scores` };
  return {
    pooledLength: length(question.pooledShape),
    classCount: length(last.shape),
    steps,
    result: last.index,
    affine: steps.every((step) => step.affine),
  };
}
