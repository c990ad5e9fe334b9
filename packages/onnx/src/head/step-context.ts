import type { GraphIndex } from '../graph/graph-index.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import type { InferredValue } from '../shapes/infer-shapes.ts';
import type { FloatConstant } from './constant-floats.ts';
import { mapVector, type VectorOperation } from './vector-step.ts';

export interface HeadQuestion {
  readonly graph: GraphIndex;
  readonly files: ExternalFiles;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  /** Output of the global pooling. */
  readonly pooled: string;
  /** Shape of `pooled` without the batch. */
  readonly pooledShape: readonly number[];
  readonly scores: string;
}

/** A tensor of the head on one image: where its values are, and their shape without the batch. */
export interface Slot {
  readonly index: number;
  readonly shape: readonly number[];
}

/** What a node does to vectors, or why it is not one that we differentiate by hand. */
export type StepResult = { readonly operation: VectorOperation; readonly shape: readonly number[] } | string;

/** The constant at an input of the node; undefined when it is omitted or computed. */
export type ConstantInput = (index: number) => FloatConstant | undefined;

/** A constant spread over a vector of this shape; undefined when it does not fit or has values per image. */
export function broadcast(
  { dims, values }: FloatConstant,
  shape: readonly number[],
): Float64Array | undefined {
  // Leading axes of extent 1 (the batch) do not matter.
  const own = dims.slice(Math.max(0, dims.length - shape.length));
  if (dims.length > shape.length + 1 || length(dims) !== length(own)) return undefined;
  const padded = [...new Array<number>(shape.length - own.length).fill(1), ...own];
  if (!padded.every((extent, i) => extent === 1 || extent === shape[i])) return undefined;
  // The vector has one long axis at most, so a constant has one value or all of them.
  const out = new Float64Array(length(shape));
  if (values.length !== 1 && values.length !== out.length) return undefined;
  return mapVector(out, (_, i) => values[values.length === 1 ? 0 : i]!);
}

/** Shape of a rename's result without the batch, from what the runtime infers for one image. */
export function renamedShape(
  question: HeadQuestion,
  node: OnnxNode,
  shape: readonly number[],
): readonly number[] | undefined {
  const n = length(shape);
  const known = shapeWithoutBatch(question, node);
  if (known) return length(known) === n ? known : undefined;
  const rank = question.shapes.get(node.outputs[0]!)?.dims.length;
  return rank === undefined || rank === 2 ? [n] : undefined;
}

export function shapeWithoutBatch({ shapes }: HeadQuestion, node: OnnxNode): readonly number[] | undefined {
  const dims = shapes.get(node.outputs[0]!)?.dims.slice(1);
  return dims?.every((extent) => extent !== undefined) ? dims : undefined;
}

export function length(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1);
}
