import { CamError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import type { Evaluation, GraphNode } from './model-graph.ts';

/**
 * Runs the steps one by one on concrete tensors and frees every value after its last reader, so that a forward pass needs no
 * more memory than `predict`. `given` are the values that no step makes. Fetched tensors are kept and belong to the caller; those
 * given stay his, and a copy is made of one that is fetched.
 */
export function evaluateNodes(
  nodes: readonly GraphNode[],
  given: ReadonlyMap<string, tf.Tensor>,
  fetch: ReadonlySet<string>,
): Evaluation {
  const lent = new Set(given.values());
  const live = new Map(
    [...given].map(([value, tensor]) => [value, fetch.has(value) ? tf.keep(tf.clone(tensor)) : tensor]),
  );
  const shapes = new Map<string, readonly number[]>(
    [...given].map(([value, tensor]) => [value, tensor.shape]),
  );
  const needed = neededFor(nodes, fetch);
  const readers = new Map<string, number>();
  for (const node of needed)
    for (const value of node.inputs) readers.set(value, (readers.get(value) ?? 0) + 1);
  // A step may hand back the very tensor it got (Dropout at inference): free it with its last name.
  const release = (value: string): void => {
    const tensor = live.get(value)!;
    live.delete(value);
    if (!lent.has(tensor) && ![...live.values()].includes(tensor)) tensor.dispose();
  };
  try {
    for (const node of needed) {
      const inputs = node.inputs.map((value) => live.get(value)!);
      tf.tidy(() => {
        named(node, inputs).forEach((output, i) => {
          const value = node.outputs[i]!;
          // A layer that hands out its own variable keeps it: ours is a copy.
          const own = output instanceof tf.Variable ? tf.clone(output) : output;
          live.set(value, lent.has(own) ? own : tf.keep(own));
          shapes.set(value, output.shape);
        });
      });
      for (const value of node.outputs) if (!readers.get(value) && !fetch.has(value)) release(value);
      for (const value of node.inputs) {
        const left = readers.get(value)! - 1;
        readers.set(value, left);
        if (left === 0 && !fetch.has(value)) release(value);
      }
    }
  } catch (error) {
    for (const value of [...live.keys()]) release(value);
    throw error;
  }
  for (const value of [...live.keys()]) if (!fetch.has(value)) release(value);
  return { values: live, shapeOf: (value) => shapes.get(value)! };
}

function neededFor(nodes: readonly GraphNode[], fetch: ReadonlySet<string>): GraphNode[] {
  const needed = new Set(fetch);
  const list: GraphNode[] = [];
  for (const node of [...nodes].reverse()) {
    if (!node.outputs.some((value) => needed.has(value))) continue;
    list.push(node);
    for (const value of node.inputs) needed.add(value);
  }
  return list.reverse();
}

function named(node: GraphNode, inputs: readonly tf.Tensor[]): tf.Tensor[] {
  try {
    return node.run(inputs);
  } catch (cause) {
    // One of ours says what it is about, and its code must reach the caller.
    if (cause instanceof CamError) throw cause;
    const message = cause instanceof Error ? cause.message : String(cause);
    throw new Error(`${node.op} "${node.name}": ${message}`, { cause });
  }
}
