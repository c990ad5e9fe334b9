import type { BackwardContext } from '../backward.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { blockedBy, type GradientFlow, gradientFlow } from './path.ts';

/** One pass over a graph serves all its layers. */
const flows = new WeakMap<GraphIndex, GradientFlow>();

/** Where gradients flow in a model. */
export function flowOf({ graph, scores }: Pick<BackwardContext, 'graph' | 'scores'>): GradientFlow {
  const known = flows.get(graph);
  const flow = known?.scores === scores ? known : gradientFlow(graph, scores);
  flows.set(graph, flow);
  return flow;
}

/** `BackwardEngine.blockedBy` of the package's own engine. */
export function blockedLayer(layer: string, context: BackwardContext): string | undefined {
  return blockedBy(flowOf(context), layer);
}
