import { STOP_DOMAIN } from '../autodiff/ends-gradient.ts';
import { type GraphIndex, indexGraph } from '../graph/graph-index.ts';
import type { NodeCopy, NodeDescription } from '../proto/graph-description.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { BlockChain } from './block-chain.ts';

/** A transformer with its tail behind every block. */
export interface BlockGraph {
  /** What is differentiated: what a block reads of the one before it passes no gradient, so that each score reaches its own block only. */
  readonly graph: GraphIndex;
  /** What the forward model needs besides its own nodes. */
  readonly nodes: readonly (NodeDescription | NodeCopy)[];
  /** The scores of all blocks [batch, blocks · classes]. */
  readonly scores: string;
}

/** Starts the names of what is added; no exporter uses it. */
const PREFIX = 'hybridcam_blocks/';

export function blockGraph(graph: GraphIndex, { tokens, tail }: BlockChain, scores: string): BlockGraph {
  const last = tokens.at(-1);
  const inner = tokens.slice(0, -1);
  const made = new Set(tail.flatMap(({ outputs }) => outputs));
  made.delete('');
  const copies = inner.flatMap((tensor, block): NodeCopy[] => {
    const rename = (name: string): string =>
      name === last ? tensor : made.has(name) ? `${PREFIX}${block}/${name}` : name;
    return tail.map((copy, i) => ({
      copy,
      inputs: copy.inputs.map(rename),
      outputs: copy.outputs.map(rename),
      name: `${PREFIX}${block}/node_${i}`,
    }));
  });
  const stops = new Map(inner.map((tensor, block) => [tensor, `${PREFIX}${block}/tokens`]));
  const all = `${PREFIX}scores`;
  const joined = {
    inputs: [...inner.map((_, block) => `${PREFIX}${block}/${scores}`), scores],
    outputs: [all],
    name: all,
  };
  const nodes: OnnxNode[] = [
    ...graph.nodes.map((node) => ({
      ...node,
      inputs: node.inputs.map((name) => stops.get(name) ?? name),
    })),
    ...[...stops].map(([tensor, stop]) => ({
      ...plainNode('Identity'),
      domain: STOP_DOMAIN,
      inputs: [tensor],
      outputs: [stop],
      name: stop,
    })),
    ...copies.map(({ copy, ...place }) => ({ ...copy, ...place })),
    {
      ...plainNode('Concat'),
      attributes: new Map([['axis', { kind: 'int', value: 1 } as const]]),
      ...joined,
    },
  ];
  const { model } = graph;
  const numbered = nodes.map((node, index) => ({ ...node, index }));
  return {
    graph: indexGraph({ ...model, graph: { ...model.graph, nodes: numbered } }),
    nodes: [
      ...[...stops].map(([tensor, stop]) => ({
        opType: 'Identity',
        inputs: [tensor],
        outputs: [stop],
        name: stop,
      })),
      ...copies,
      { opType: 'Concat', attributes: { axis: 1 }, ...joined },
    ],
    scores: all,
  };
}

function plainNode(opType: string): Omit<OnnxNode, 'inputs' | 'outputs' | 'name'> {
  return {
    index: 0,
    opType,
    domain: '',
    attributes: new Map(),
    metadata: new Map(),
    captured: [],
    message: new Uint8Array(),
  };
}
