import { NAME_PREFIX } from '../autodiff/backward-model.ts';
import type { EmittedConstant, EmittedNode } from '../autodiff/emitter.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { InitializerDescription, NodeDescription } from '../proto/graph-description.ts';
import type { NodeNames } from './emit-guard.ts';
import { neededNodes } from './needed-nodes.ts';
import { toOpset } from './to-opset.ts';

export interface BakedNodes {
  readonly nodes: readonly NodeDescription[];
  /** Weights that the model's own graph has no tensor for: those of a branch that was taken. */
  readonly initializers: readonly InitializerDescription[];
}

export interface BakedNodesRequest {
  readonly graph: GraphIndex;
  readonly nodes: readonly EmittedNode[];
  readonly constants: readonly EmittedConstant[];
  /** Copies of the model's weights, by the names under which the nodes read them. */
  readonly weights: ReadonlyMap<string, InitializerDescription>;
  readonly names: NodeNames;
  /** What the nodes are for. */
  readonly outputs: readonly string[];
}

const WEIGHT_PREFIX = `${NAME_PREFIX}weight/`;

/** Emitted nodes as nodes of the model's own graph: in its opset, reading its weights where they lie. */
export function bakedNodes(request: BakedNodesRequest): BakedNodes {
  const { graph, weights, names, outputs } = request;
  const needed = neededNodes(request.nodes, request.constants, outputs);
  const adapted = toOpset(needed.nodes, needed.constants, graph.opset);
  // Once more: axes that became an attribute leave a constant behind that nothing reads.
  const { nodes, constants } = neededNodes(adapted.nodes, adapted.constants, outputs);
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  const ownName = new Map<string, string>();
  const initializers: InitializerDescription[] = [];
  for (const [name, weight] of weights) {
    if (!read.has(name)) continue;
    const tensor = name.slice(WEIGHT_PREFIX.length);
    if (graph.initializers.has(tensor) || graph.producer.has(tensor)) ownName.set(name, tensor);
    else initializers.push(weight);
  }
  return {
    initializers,
    nodes: [
      ...constants.map(constantNode),
      ...nodes.map(
        ({ opType, inputs, outputs, attributes }, i): NodeDescription => ({
          opType,
          inputs: inputs.map((input) => ownName.get(input) ?? input),
          outputs,
          attributes,
          name: names.get(outputs[0]!) ?? `${NAME_PREFIX}node_${i}`,
        }),
      ),
    ],
  };
}

/** Constants are nodes, not initializers: before IR 4 every initializer would have to be an input. */
function constantNode({ name, dims, data }: EmittedConstant): NodeDescription {
  const dataType = data instanceof Float32Array ? 'float32' : 'int64';
  return {
    opType: 'Constant',
    inputs: [],
    outputs: [name],
    name,
    attributes: { value: { tensor: { dims, dataType, data } } },
  };
}
