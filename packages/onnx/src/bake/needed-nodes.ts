import type { EmittedConstant, EmittedNode } from '../autodiff/emitter.ts';

/** The nodes and constants that lead to `outputs`: runtimes warn of others, and some compute them. */
export function neededNodes(
  nodes: readonly EmittedNode[],
  constants: readonly EmittedConstant[],
  outputs: readonly string[],
): { nodes: readonly EmittedNode[]; constants: readonly EmittedConstant[] } {
  const needed = new Set(outputs);
  const kept: EmittedNode[] = [];
  for (const node of nodes.toReversed()) {
    if (!node.outputs.some((name) => needed.has(name))) continue;
    kept.push(node);
    for (const name of node.inputs) needed.add(name);
  }
  return { nodes: kept.reverse(), constants: constants.filter(({ name }) => needed.has(name)) };
}
