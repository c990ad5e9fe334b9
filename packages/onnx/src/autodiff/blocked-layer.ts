import type { BackwardContext } from '../backward.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import { blockedBy, type GradientFlow, gradientFlow } from './path.ts';

/** One pass over a graph serves all its layers. */
const flows = new WeakMap<GraphIndex, GradientFlow>();

/** `BackwardEngine.blockedBy` of the package's own engine. */
export function blockedLayer(layer: string, { graph, scores }: BackwardContext): string | undefined {
  const known = flows.get(graph);
  const flow = known?.scores === scores ? known : gradientFlow(graph, scores);
  flows.set(graph, flow);
  return blockedBy(flow, layer);
}
