import type { AbortSignalLike } from '@hybridcam/core';
import { throwIfAborted } from '@hybridcam/core';
import { constantOf } from '../graph/constants.ts';
import { type GraphIndex, indexGraph } from '../graph/graph-index.ts';
import type { NodeCopy } from '../proto/graph-description.ts';
import type { OnnxGraph, OnnxNode, OnnxTensor } from '../proto/onnx-model.ts';
import { measureValues, type ProbeRequest } from './probe.ts';
import { isResolvableIf } from './resolvable-if.ts';

/** A graph whose `If` nodes are replaced by the branch that is taken. */
export interface ResolvedGraph {
  readonly graph: GraphIndex;
  /** Copies of branch nodes under names of their own: appended to a forward model they make the branch's tensors visible. */
  readonly copies: readonly NodeCopy[];
  readonly weights: readonly { readonly copy: OnnxTensor; readonly name: string }[];
  /** True when a condition had to be measured: another input size or batch might take the other branch. */
  readonly measured: boolean;
}

/** Starts the names of tensors inside an inlined branch; the forward model itself does not have them. */
export const BRANCH_PREFIX = 'hybridcam_branch/';

/** Branches within branches; exporters of classifiers write one level. */
const MAX_ROUNDS = 8;

/**
 * Inlines every `If` whose condition is a constant or follows from shapes alone. A branch reads outer tensors without listing
 * them as inputs, so a walk over inputs would pass it by and the gradient would be wrong. What remains (conditions that depend
 * on pixels, branches with subgraphs of their own) blocks like any operator without a rule.
 */
export async function resolveBranches(
  request: ProbeRequest,
  inputShape: readonly number[],
  signal?: AbortSignalLike,
): Promise<ResolvedGraph> {
  let resolved: ResolvedGraph = { graph: request.graph, copies: [], weights: [], measured: false };
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const { graph } = resolved;
    const open = graph.nodes.filter((node) => isResolvableIf(graph, node));
    if (open.length === 0) break;
    throwIfAborted(signal, 'differentiate');
    const asked = open.map(({ inputs }) => inputs[0]!).filter((name) => !constantOf(graph, name));
    const measured = await measureValues({ ...request, ...resolved }, asked, inputShape);
    const taken = new Map(
      open.map((node) => {
        const [condition] = constantOf(graph, node.inputs[0]!)?.numbers() ?? measured.get(node.inputs[0]!)!;
        return [node, condition !== 0 ? 'then_branch' : 'else_branch'];
      }),
    );
    resolved = inline(resolved, taken, `${BRANCH_PREFIX}${round}_`, asked.length > 0);
  }
  return resolved;
}

function inline(
  { graph, copies, weights, measured }: ResolvedGraph,
  taken: ReadonlyMap<OnnxNode, string>,
  prefix: string,
  asked: boolean,
): ResolvedGraph {
  const nodes: OnnxNode[] = [];
  const moreCopies: NodeCopy[] = [];
  const moreWeights: { copy: OnnxTensor; name: string }[] = [];
  for (const node of graph.nodes) {
    const branch = node.attributes.get(taken.get(node) ?? '');
    if (branch?.kind !== 'graph') {
      nodes.push(node);
      continue;
    }
    const inner = renamed(branch.value, `${prefix}${node.index}/`);
    moreWeights.push(...inner.weights);
    moreCopies.push(...inner.copies);
    // What the branch gives out is what the If gives out: under that name the forward run can hand it over.
    const given = new Map<string, string>();
    const made = new Set(inner.copies.flatMap(({ outputs }) => outputs));
    const sources = node.outputs.map((_, i) => inner.rename(branch.value.outputs[i]?.name ?? ''));
    sources.forEach((source, i) => {
      const output = node.outputs[i]!;
      if (output !== '' && made.has(source) && !given.has(source)) given.set(source, output);
    });
    const place = (name: string): string => given.get(name) ?? name;
    for (const { copy, inputs, outputs } of inner.copies) {
      const placed = { inputs: inputs.map(place), outputs: outputs.map(place) };
      nodes.push({ ...copy, ...placed, name: copy.name || node.name });
    }
    node.outputs.forEach((output, i) => {
      const input = place(sources[i]!);
      if (output === '' || input === output) return;
      nodes.push({
        ...node,
        opType: 'Identity',
        inputs: [input],
        outputs: [output],
        attributes: new Map(),
        captured: [],
      });
    });
  }
  const { model } = graph;
  const initializers = [
    ...model.graph.initializers,
    ...moreWeights.map(({ copy, name }) => ({ ...copy, name })),
  ];
  const flat = { ...model.graph, initializers, nodes: nodes.map((node, index) => ({ ...node, index })) };
  return {
    graph: indexGraph({ ...model, graph: flat }),
    copies: [...copies, ...moreCopies],
    weights: [...weights, ...moreWeights],
    measured: measured || asked,
  };
}

function renamed(
  branch: OnnxGraph,
  prefix: string,
): { copies: NodeCopy[]; weights: { copy: OnnxTensor; name: string }[]; rename: (name: string) => string } {
  const own = new Set([
    ...branch.initializers.map(({ name }) => name),
    ...branch.nodes.flatMap(({ outputs }) => outputs),
  ]);
  own.delete('');
  const rename = (name: string): string => (own.has(name) ? prefix + name : name);
  return {
    rename,
    weights: branch.initializers.map((copy) => ({ copy, name: rename(copy.name) })),
    copies: branch.nodes.map((copy, i) => ({
      copy,
      inputs: copy.inputs.map(rename),
      outputs: copy.outputs.map(rename),
      name: `${prefix}node_${i}`,
    })),
  };
}
