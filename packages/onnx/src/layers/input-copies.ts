import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';

/**
 * The image and the tensors that are still the image: turned, cast, padded, scaled or normalised by constants on its way into the network.
 * A map of these would show the picture, not what the network found in it.
 */
export function inputCopies(graph: GraphIndex, input: string): ReadonlySet<string> {
  const copies = new Set([input]);
  for (const node of graph.nodes) {
    if (node.domain !== '' || !PREPARES.has(node.opType)) continue;
    const [first = '', ...others] = node.inputs.filter((name) => name !== '' && !constantOf(graph, name));
    if (others.length > 0 || !copies.has(first)) continue;
    for (const output of node.outputs) copies.add(output);
  }
  return copies;
}

const PREPARES = new Set([
  'Add',
  'Cast',
  'Clip',
  'Div',
  'Identity',
  'Mul',
  'Pad',
  'Resize',
  'Sub',
  'Transpose',
  'Upsample',
]);
