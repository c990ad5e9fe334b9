import type { OnnxNode } from '../proto/onnx-model.ts';

/**
 * Nodes so that each comes after those whose outputs it reads. Files promise that order, but converters (the half-precision one of
 * ONNX Runtime, for one) append nodes at the end, and ONNX Runtime sorts what it loads. Nodes on a cycle stay behind all others,
 * in the file's order.
 */
export function topologicalOrder(nodes: readonly OnnxNode[]): readonly OnnxNode[] {
  const maker = new Map<string, number>();
  nodes.forEach(({ outputs }, i) => {
    for (const output of outputs) if (output !== '') maker.set(output, i);
  });
  const reads = nodes.map(({ inputs, captured }, i) => {
    const makers = [...inputs, ...captured].flatMap((name) => maker.get(name) ?? []);
    return new Set(makers.filter((other) => other !== i));
  });
  if (reads.every((makers, i) => [...makers].every((other) => other < i))) return nodes;
  const readers = nodes.map((): number[] => []);
  reads.forEach((makers, i) => {
    for (const other of makers) readers[other]!.push(i);
  });
  const missing = reads.map((makers) => makers.size);
  const order = missing.flatMap((count, i) => (count === 0 ? [i] : []));
  // The list grows while it is walked.
  for (let at = 0; at < order.length; at++) {
    for (const reader of readers[order[at]!]!) if (--missing[reader]! === 0) order.push(reader);
  }
  const rest = missing.flatMap((count, i) => (count > 0 ? [i] : []));
  return [...order, ...rest].map((place, index) => ({ ...nodes[place]!, index }));
}
