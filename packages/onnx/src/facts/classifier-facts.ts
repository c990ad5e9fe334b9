import type { GraphIndex } from '../graph/graph-index.ts';
import { backwardReachable, forwardReachable } from '../graph/reach.ts';
import type { Scores } from '../graph/scores.ts';
import type { ModelLayers } from '../layers/model-layers.ts';
import type { ImageInput } from '../model-input.ts';

/** How a file was understood as a classifier: plain JSON. */
export interface ClassifierFacts {
  /** Channels first (`nchw`) or last (`nhwc`) in the file's own input. */
  readonly inputLayout: ImageInput['layout'];
  readonly inputType: ImageInput['dataType'];
  /** The output that was taken, and the tensor that explanations start from. */
  readonly scores: { readonly output: string; readonly tensor: string };
  /** The operator at the end that was stripped, so that explanations start from logits; null: there is none. */
  readonly strippedActivation: Scores['activation'] | null;
  readonly head: HeadFacts;
}

/** What stands between the last map and the scores. */
export interface HeadFacts {
  /** Operators from the global pooling on, in order; empty where there is no global pooling. */
  readonly operators: readonly string[];
  /** Whether the gradient behind the pooling comes in closed form, without a backward pass. */
  readonly closedForm: boolean;
  /** Whether the scores are linear in the pooled vector, so that the gradient is the same for every picture. */
  readonly linear: boolean;
  /** Why there is no closed form; null where there is one. */
  readonly reason: string | null;
}

export function classifierFacts(
  graph: GraphIndex,
  input: ImageInput,
  scores: Scores,
  { closedForm, pool, headBlockedBy }: ModelLayers,
): ClassifierFacts {
  return {
    inputLayout: input.layout,
    inputType: input.dataType,
    scores: { output: scores.output, tensor: scores.tensor },
    strippedActivation: scores.activation ?? null,
    head: {
      operators: pool === undefined ? [] : operatorsBetween(graph, pool.map, pool.node.index, scores.tensor),
      closedForm: closedForm !== undefined,
      linear: closedForm !== undefined && closedForm.pool.kind === 'mean' && closedForm.head.affine,
      reason: closedForm ? null : (headBlockedBy ?? 'no global pooling ends the maps'),
    },
  };
}

/** Operators that the values of `from` pass on their way to `to`, from the node at `start` on. */
function operatorsBetween(graph: GraphIndex, from: string, start: number, to: string): string[] {
  const forward = forwardReachable(graph, [from]);
  const backward = backwardReachable(graph, [to]);
  return graph.nodes
    .filter(
      ({ index, outputs }) =>
        index >= start && outputs.some((name) => forward.has(name) && backward.has(name)),
    )
    .map(({ opType }) => opType);
}
