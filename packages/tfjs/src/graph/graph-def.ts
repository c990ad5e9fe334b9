import { ModelFormatError, UnsupportedError } from '@hybridcam/core';
import type { NodeDef } from './node-attributes.ts';

/** The nodes between the model's inputs and one output, constants apart. */
export interface GraphDef {
  readonly nodes: ReadonlyMap<string, NodeDef>;
  /** Names in topological order; neither constants nor placeholders. */
  readonly order: readonly string[];
  /** Names of the placeholders the output depends on. */
  readonly placeholders: readonly string[];
  /** Whether the node gives the same whatever the input is. */
  isConstant(name: string): boolean;
}

/** A value: a node and which of its outputs. `conv`, `split:1`. */
export interface ValueRef {
  readonly node: string;
  readonly index: number;
}

/** @throws ModelFormatError for a topology that is no graph, UnsupportedError for control flow */
export function readGraphDef(topology: unknown, output: string): GraphDef {
  const list = (topology as { node?: unknown } | undefined)?.node;
  if (!Array.isArray(list) || !list.every(isNodeDef)) {
    throw new ModelFormatError(
      'tfjs graph model: expected modelTopology.node, a list of { name, op, input, attr }; received something else. ' +
        'Pass the artifacts of the model.json that the model was loaded from.',
    );
  }
  const nodes = new Map(list.map((node) => [node.name, node]));
  const order: string[] = [];
  const placeholders: string[] = [];
  const constant = new Map<string, boolean>();
  const open = new Set<string>();
  // Iterative: a deep network must not exhaust the call stack.
  const stack = [{ name: output, entered: false }];
  while (stack.length > 0) {
    const { name, entered } = stack.pop()!;
    const node = nodes.get(name);
    if (!node)
      throw new ModelFormatError(`tfjs graph model: expected a node "${name}"; the topology has none.`);
    const sources = dataInputs(node).map(({ node: source }) => source);
    if (entered) {
      open.delete(name);
      const placeholder = node.op.startsWith('Placeholder');
      constant.set(name, !placeholder && sources.every((source) => constant.get(source)));
      if (placeholder) placeholders.push(name);
      else if (!constant.get(name)) order.push(name);
      continue;
    }
    if (constant.has(name)) continue;
    if (open.has(name)) throw new ModelFormatError(`tfjs graph model: node "${name}" depends on itself.`);
    refuseControlFlow(node);
    open.add(name);
    stack.push({ name, entered: true });
    for (const source of [...sources].reverse())
      if (!constant.has(source)) stack.push({ name: source, entered: false });
  }
  return { nodes, order, placeholders, isConstant: (name) => constant.get(name) ?? false };
}

/** What a node reads, control dependencies apart. */
export function dataInputs(node: NodeDef): ValueRef[] {
  return (node.input ?? []).filter((input) => !input.startsWith('^')).map(parseValue);
}

/** `name`, `name:index` or, inside functions, `name:port:index`. */
export function parseValue(reference: string): ValueRef {
  const parts = reference.split(':');
  return { node: parts[0]!, index: parts.length > 1 ? Number(parts.at(-1)) : 0 };
}

export function valueName({ node, index }: ValueRef): string {
  return index === 0 ? node : `${node}:${index}`;
}

const CONTROL_FLOW = new Set(
  [
    'Switch',
    'Merge',
    'Enter',
    'Exit',
    'NextIteration',
    'LoopCond',
    'If',
    'StatelessIf',
    'While',
    'StatelessWhile',
  ].concat([
    'NonMaxSuppressionV2',
    'NonMaxSuppressionV3',
    'NonMaxSuppressionV4',
    'NonMaxSuppressionV5',
    'Where',
    'ListDiff',
  ]),
);

function refuseControlFlow({ name, op }: NodeDef): void {
  if (!CONTROL_FLOW.has(op) && !op.startsWith('TensorList') && !op.startsWith('TensorArray')) return;
  throw new UnsupportedError(
    `tfjs graph model: node "${name}" (${op}) is control flow or has a data-dependent size; such graphs run only ` +
      'asynchronously, where TensorFlow.js keeps no gradients. Export the classifier part alone.',
  );
}

function isNodeDef(node: unknown): node is NodeDef {
  const { name, op } = (node ?? {}) as Partial<NodeDef>;
  return typeof name === 'string' && typeof op === 'string';
}
