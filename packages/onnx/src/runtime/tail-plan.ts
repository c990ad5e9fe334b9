import { UnsupportedError } from '@hybridcam/core';
import type { GraphIndex } from '../graph/graph-index.ts';
import { forwardReachable } from '../graph/reach.ts';

/** The part of a graph behind one tensor, up to the scores. */
export interface TailPlan {
  /** By their first output. */
  readonly nodes: ReadonlySet<string>;
  readonly initializers: ReadonlySet<string>;
  /** Tensors that reach the scores around the layer: a forward run has to give them. */
  readonly sides: readonly string[];
}

/** @throws UnsupportedError when the scores do not depend on the layer's values */
export function planTail(graph: GraphIndex, layer: string, scores: string): TailPlan {
  const behind = forwardReachable(graph, [layer]);
  if (!behind.has(scores)) {
    throw new UnsupportedError(
      `forward: expected a layer in "tails" that the scores depend on; received tensor "${layer}".`,
    );
  }
  const isFixed = fixedTensors(graph);
  const nodes = new Set<string>();
  const initializers = new Set<string>();
  const sides = new Set<string>();
  const visit = (names: readonly string[]): void => {
    for (const name of names) {
      if (name === '' || name === layer) continue;
      const node = graph.producer.get(name);
      if (node === undefined && isFixed(name)) initializers.add(name);
      else if (node !== undefined && (behind.has(name) || isFixed(name))) {
        const first = firstOutput(node);
        if (nodes.has(first)) continue;
        nodes.add(first);
        visit(node.inputs);
        visit(node.captured);
      } else sides.add(name);
    }
  };
  visit([scores]);
  return { nodes, initializers, sides: [...sides] };
}

export function firstOutput({ outputs }: { readonly outputs: readonly string[] }): string {
  return outputs.find((name) => name !== '') ?? '';
}

/** Whether a tensor is the same for every image: stored, or computed from stored ones only. */
function fixedTensors(graph: GraphIndex): (name: string) => boolean {
  const fixed = new Set<string>(['', ...graph.initializers.keys(), ...graph.model.graph.sparseInitializers]);
  for (const node of graph.nodes) {
    if (RANDOM.has(node.opType)) continue;
    if ([...node.inputs, ...node.captured].every((name) => fixed.has(name))) {
      for (const output of node.outputs) fixed.add(output);
    }
  }
  return (name) => fixed.has(name);
}

const RANDOM = new Set(['RandomNormal', 'RandomUniform', 'Multinomial', 'Bernoulli']);
