import type { Tensor } from '@tensorflow/tfjs-core';
import type { GradientRule } from './rules/gradient-rule.ts';

/**
 * What a user's model looks like to this adapter: a directed acyclic graph of single steps, in forward order. A LayersModel
 * and a GraphModel both become one, so that everything behind (passes, gradients, layer list) is written once.
 */
export interface ModelGraph {
  readonly input: GraphInput;
  /** Value that holds the scores the user chose. */
  readonly output: string;
  /** Topological order; only steps that the output depends on. */
  readonly nodes: readonly GraphNode[];
  /** Known size of a value at the model's own input size; undefined entries vary. The first is the batch. */
  shapeOf(value: string): SymbolicShape | undefined;
  /** Whether a value holds floating-point numbers. */
  isFloat(value: string): boolean;
  /** Runs the model. The tensors returned are kept and belong to the caller. */
  evaluate(input: Tensor, fetch: ReadonlySet<string>): Evaluation;
  /** Of the values inside. */
  readonly layout: Layout;
  /** The user's name of the chosen output, for messages. */
  readonly outputName: string;
  /** Whether the name belongs to a step of the model that the output does not depend on. */
  isElsewhere(name: string): boolean;
}

export type SymbolicShape = readonly (number | undefined)[];

export interface GraphInput {
  readonly value: string;
  readonly name: string;
  readonly shape: SymbolicShape;
  /** May differ from that of the layers: networks that came from PyTorch begin with a transpose. */
  readonly layout: Layout;
}

export type Layout = 'NHWC' | 'NCHW';

/** Colour images have few channels; where both ends could be channels, the layers' layout decides. */
export function inputLayout(shape: SymbolicShape, layers: Layout): Layout {
  const few = (extent: number | undefined): boolean => extent === 1 || extent === 3 || extent === 4;
  if (few(shape[3]) === few(shape[1])) return layers;
  return few(shape[3]) ? 'NHWC' : 'NCHW';
}

export interface GraphNode {
  /** The user's name for the step; unique in the graph. */
  readonly name: string;
  readonly aliases: readonly string[];
  /** Layer class or TensorFlow op, for messages. */
  readonly op: string;
  /** Values read; constants are inside `run`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly role: NodeRole;
  /** Our own gradient. Without one the tape of TensorFlow.js differentiates `run`. */
  readonly rule: GradientRule | undefined;
  /** What TensorFlow.js itself computes wrongly here, on the backend in use: such a model is refused. */
  readonly defect: string | undefined;
  /** Why the step cannot be differentiated, if that is known beforehand. */
  readonly blockedBy: string | undefined;
  /** False where the outputs are integers: sizes, indices. Gradients end there. */
  readonly differentiable: boolean;
  /** Steps with equal keys behave alike under the tape, so one probe answers for all of them. */
  readonly probeKey: string;
  readonly parameterCount: number;
  /** Where the same parameters are used twice, they count once: the owner's identity. */
  readonly parameterOwner: unknown;
  /** The model's own tensors behind this step, as they are now; constants of a GraphModel never change and are left out. */
  weights(): readonly Tensor[];
  run(inputs: readonly Tensor[]): Tensor[];
}

/**
 * - `identity`: same values, same shape
 * - `reshape`: same values in the same row-major order
 * - `global-mean`: mean over both spatial axes
 * - `affine`: W·x + b, with a gradient that does not depend on x
 * - `softmax`, `sigmoid`: scores to probabilities
 */
export type NodeRole = 'identity' | 'reshape' | 'global-mean' | 'affine' | 'softmax' | 'sigmoid' | 'other';

export interface Evaluation {
  readonly values: ReadonlyMap<string, Tensor>;
  /** Actual size in this run of any value, fetched or not. */
  shapeOf(value: string): readonly number[];
}

/** The step that produces each value. */
export function producers(nodes: readonly GraphNode[]): Map<string, GraphNode> {
  return new Map(nodes.flatMap((node) => node.outputs.map((value) => [value, node] as const)));
}

/** The steps that read each value. */
export function consumers(nodes: readonly GraphNode[]): Map<string, GraphNode[]> {
  const readers = new Map<string, GraphNode[]>();
  for (const node of nodes) {
    for (const value of new Set(node.inputs)) {
      const list = readers.get(value);
      if (list) list.push(node);
      else readers.set(value, [node]);
    }
  }
  return readers;
}

/** The values that depend on any of `from`, those included. */
export function downstream(nodes: readonly GraphNode[], from: Iterable<string>): Set<string> {
  const reached = new Set(from);
  for (const node of nodes) {
    if (node.inputs.some((value) => reached.has(value))) for (const value of node.outputs) reached.add(value);
  }
  return reached;
}

/** The values that `to` depends on, itself included. */
export function upstream(nodes: readonly GraphNode[], to: string): Set<string> {
  const needed = new Set([to]);
  for (let i = nodes.length - 1; i >= 0; i--) {
    const node = nodes[i]!;
    if (node.outputs.some((value) => needed.has(value))) for (const value of node.inputs) needed.add(value);
  }
  return needed;
}
