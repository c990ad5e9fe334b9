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

/** Shape of one image's scores without extents of 1: of a classifier one number or none. @throws UnsupportedError where it is open */
export function scoreExtents(graph: ModelGraph, logits: string): number[] {
  const shape = graph.shapeOf(logits);
  const extents = shape?.slice(1).filter((extent) => extent !== 1) ?? [undefined];
  if (extents.some((extent) => extent === undefined)) {
    throw new UnsupportedError(
      `tfjs model: expected an output of known size but for the batch; received [${shape?.map((extent) => extent ?? '?').join(', ')}] ` +
        `for "${graph.output}".`,
    );
  }
  return extents as number[];
}
