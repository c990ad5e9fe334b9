import { UnsupportedError } from '@hybridcam/core';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import { differentiableOf } from './differentiable-operators.ts';
import { endsGradient } from './ends-gradient.ts';
import { isResolvableIf } from './resolvable-if.ts';

/** A node through which a gradient would have to pass and cannot. */
export interface Blocker {
  readonly node: OnnxNode;
  readonly reason: string;
}

/**
 * Where gradients flow between the scores and every tensor before them; one pass serves all layers. An `If` that a plan can
 * resolve counts as open here: which branch is taken is only known with an input size.
 */
export interface GradientFlow {
  readonly graph: GraphIndex;
  readonly scores: string;
  /** Tensors that influence the scores through rules or blockers. */
  readonly influential: ReadonlySet<string>;
  /** For a tensor, the blocker nearest to the scores among those on its paths. */
  readonly blockers: ReadonlyMap<string, Blocker>;
}

export function gradientFlow(graph: GraphIndex, scores: string): GradientFlow {
  const influential = new Set([scores]);
  const blockers = new Map<string, Blocker>();
  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i]!;
    if (!node.outputs.some((name) => influential.has(name)) || endsGradient(node)) continue;
    let behind: Blocker | undefined;
    for (const output of node.outputs) behind = later(behind, blockers.get(output));
    const mark = (name: string, own: Blocker | undefined): void => {
      if (name === '' || isConstant(graph, name)) return;
      influential.add(name);
      // The blocker nearest to the scores decides: layers behind it work, layers before it do not.
      const blocker = later(later(behind, own), blockers.get(name));
      if (blocker) blockers.set(name, blocker);
    };
    node.inputs.forEach((name, input) => {
      mark(name, isResolvableIf(graph, node) ? undefined : blockerAt(node, input, influential));
    });
    const inside = isResolvableIf(graph, node) ? undefined : { node, reason: whyNoRule(node) };
    for (const name of node.captured) mark(name, inside);
  }
  return { graph, scores, influential, blockers };
}

function isConstant(graph: GraphIndex, name: string): boolean {
  return graph.initializers.has(name) || graph.producer.get(name)?.opType === 'Constant';
}

function later(a: Blocker | undefined, b: Blocker | undefined): Blocker | undefined {
  if (!a || !b) return a ?? b;
  return a.node.index >= b.node.index ? a : b;
}

function blockerAt(node: OnnxNode, input: number, influential: ReadonlySet<string>): Blocker | undefined {
  const rule = differentiableOf(node);
  if (!rule) return { node, reason: whyNoRule(node) };
  const used = node.outputs.findIndex((name, output) => output > 0 && influential.has(name));
  if (used > 0 && !rule.everyOutput)
    return { node, reason: `there is no gradient rule for its output ${used}` };
  if (rule.differentiable === 'all' || rule.differentiable.includes(input)) return undefined;
  return { node, reason: `there is no gradient rule into its input ${input}` };
}

function whyNoRule({ opType, domain }: OnnxNode): string {
  if (/^(QLinear|Quantize|Dequantize|DynamicQuantize)|Integer$/.test(opType)) {
    return 'the model is quantised there (QuantizeLinear and the like), which has no gradient';
  }
  if (opType === 'If' || opType === 'Loop' || opType === 'Scan') {
    return 'its control flow depends on the picture, or has no gradient rule';
  }
  if (domain !== '') return 'there is no gradient rule for custom operators';
  return 'there is no gradient rule for it';
}

/** The part of the graph that one backward pass visits. */
export interface GradientPath {
  /** In forward order. */
  readonly nodes: readonly OnnxNode[];
  /** Tensors that get a cotangent. */
  readonly active: ReadonlySet<string>;
}

/**
 * Nodes between the layers and the scores: reachable forwards from a layer and backwards from the scores, so a layer need not
 * be a cut through the graph.
 * @throws UnsupportedError naming op, domain and node of what blocks, and what works
 */
export function gradientPath(flow: GradientFlow, layers: readonly string[]): GradientPath {
  const { graph, influential } = flow;
  for (const layer of layers) {
    const problem = blockedBy(flow, layer);
    if (problem) throw new UnsupportedError(`differentiate: expected a gradient at "${layer}"; ${problem}.`);
  }
  const reached = new Set(layers);
  const nodes: OnnxNode[] = [];
  for (const node of graph.nodes) {
    if (endsGradient(node)) continue;
    if (!node.outputs.some((name) => influential.has(name))) continue;
    if (!node.inputs.some((name) => reached.has(name))) continue;
    nodes.push(node);
    for (const output of node.outputs) if (output !== '') reached.add(output);
  }
  const active = new Set([...reached].filter((name) => influential.has(name)));
  return { nodes, active };
}

/** Why no gradient reaches `layer`: a clause without a full stop; undefined when one does. */
export function blockedBy(flow: GradientFlow, layer: string): string | undefined {
  if (!flow.influential.has(layer)) return 'the scores do not depend on it through differentiable operators';
  const blocker = flow.blockers.get(layer);
  if (!blocker) return undefined;
  const count = flow.graph.nodes.filter(
    ({ opType, domain }) => opType === blocker.node.opType && domain === blocker.node.domain,
  ).length;
  const works = blocker.node.outputs.find((name) => flow.influential.has(name) && !flow.blockers.has(name));
  return `${describeNode(blocker.node)} (${count} in the model) lies between it and the scores, and ${blocker.reason}; ${
    works ? `layers from "${works}" on work, and ` : ''
  }gradient-free methods at every layer`;
}

export function describeNode(node: OnnxNode): string {
  const domain = node.domain === '' ? '' : `${node.domain}.`;
  return `${domain}${node.opType} "${node.name || node.outputs.find((name) => name !== '') || node.index}"`;
}
