import type { GraphIndex } from '../graph/graph-index.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';

/** What a tensor follows from: constants alone, shapes too, or the image's pixels. */
export function originOf(graph: GraphIndex, tensor: string): 'constants' | 'shapes' | 'pixels' {
  const seen = new Set<string>();
  const pending = [tensor];
  let origin: 'constants' | 'shapes' = 'constants';
  for (let name = pending.pop(); name !== undefined; name = pending.pop()) {
    if (name === '' || seen.has(name) || graph.initializers.has(name)) continue;
    seen.add(name);
    const node = graph.producer.get(name);
    if (!node) {
      // A graph input, or a sparse initializer, which is constant.
      if (graph.inputs.some((input) => input.name === name)) return 'pixels';
      continue;
    }
    if (isRandom(node)) return 'pixels';
    if (node.domain === '' && (node.opType === 'Shape' || node.opType === 'Size')) origin = 'shapes';
    else pending.push(...node.inputs, ...node.captured);
  }
  return origin;
}

function isRandom(node: OnnxNode): boolean {
  return /^(Random|Multinomial|Bernoulli)/.test(node.opType);
}
