import { UnsupportedError } from '@hybridcam/core';
import { type ModelGraph, producers } from './model-graph.ts';

/**
 * The value to explain: what goes into the final softmax or sigmoid, seen through reshapes and steps that do nothing at
 * inference; without one, the output itself.
 */
export function findLogits(graph: ModelGraph): string {
  const producer = producers(graph.nodes);
  let value = graph.output;
  for (;;) {
    const node = producer.get(value);
    if (!node) return graph.output;
    if (node.role === 'softmax' || node.role === 'sigmoid') return node.inputs[0]!;
    if (node.role !== 'reshape' && node.role !== 'identity') return graph.output;
    value = node.inputs[0]!;
  }
}

/** Number of classes: the one axis besides the batch that is longer than 1. @throws UnsupportedError for other outputs */
export function countClasses(graph: ModelGraph, logits: string): number {
  const shape = graph.shapeOf(logits);
  const extents = shape?.slice(1).filter((extent) => extent !== 1) ?? [undefined];
  const [classes = 1] = extents;
  if (extents.length > 1 || (extents.length === 1 && extents[0] === undefined)) {
    throw new UnsupportedError(
      `tfjs model: expected an output [batch, classes]; received [${shape?.map((extent) => extent ?? '?').join(', ')}] ` +
        `for "${graph.output}". Only classifiers with one score per class can be explained.`,
    );
  }
  return classes;
}
