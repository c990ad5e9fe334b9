import type { DataType } from '../proto/data-type.ts';
import type { OnnxAttribute } from '../proto/onnx-model.ts';
import type { Emitter } from './emitter.ts';
import type { MaskBounds } from './tap-mask.ts';

/**
 * What a rule may know about the forward node it differentiates. `emit` writes into the backward model, where every tensor
 * is float32 whatever the forward model computes in.
 */
export interface RuleContext {
  readonly opType: string;
  /** Operator set version of the forward model: the only place where it matters is inside the rules. */
  readonly opset: number;
  /** Forward names; '' marks an omitted input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  /** Per input: does it lead back to a layer whose gradient is asked for? */
  readonly active: readonly boolean[];
  /** Cotangent of output 0. */
  readonly dY: string;
  /** Per output; undefined where nothing downstream depends on it. */
  readonly cotangents: readonly (string | undefined)[];
  readonly emit: Emitter;
  readonly options: RuleOptions;
  int(attribute: string, fallback: number): number;
  float(attribute: string, fallback: number): number;
  string(attribute: string, fallback: string): string;
  /** undefined when the attribute is absent. */
  ints(attribute: string): readonly number[] | undefined;
  attribute(name: string): OnnxAttribute | undefined;
  has(input: number): boolean;
  /** Shape of a forward tensor, measured by the probe. */
  shape(tensor: string): readonly number[];
  /** Element type of a forward tensor, where it is stored, measured or declared. */
  dataType(tensor: string): DataType | undefined;
  /** The axis that grows with the batch, where the plan serves any batch. */
  batchAxis(tensor: string): number | undefined;
  /** Values of a constant or of a parameter that follows from shapes alone; undefined when the input is omitted. */
  values(input: number): readonly number[] | undefined;
  /** As `values`, but undefined also where they are only known when the model runs. */
  constant(input: number): readonly number[] | undefined;
  /** The forward tensor in the backward model: a weight copied, or a tap. Float tensors arrive as float32. */
  read(tensor: string): string;
  /** As `read`, for the condition of Where. */
  readBoolean(tensor: string): string;
  /** 1 where a forward tensor that is negative nowhere is positive, else 0, as float32: a quarter of the bytes of `read` to hand over. */
  positive(tensor: string): string;
  /** 1 where a forward tensor lies strictly between the bounds, of which there is at least one, else 0: handed over likewise. */
  between(tensor: string, bounds: MaskBounds): string;
  /** Shorthands: `read(inputs[i])` and `read(outputs[0])`. */
  x(input?: number): string;
  y(): string;
  /** Reshapes a cotangent to the shape of a forward tensor, whatever the batch. */
  reshapeLike(value: string, tensor: string): string;
  /** The node counts pictures (cuts the batch axis at a fixed place): the plan serves the measured batch only. */
  fixBatch(): void;
  /** The node's variant has no rule. @throws UnsupportedError naming node and reason */
  refuse(reason: string): never;
}

export interface RuleOptions {
  /**
   * `transpose`: ConvTranspose with the forward weights as they are. `flip`: stride-1, 1×1 and depthwise convolutions become
   * ordinary convolutions with flipped weights: faster natively, for a second copy of those weights.
   */
  readonly convolution: 'transpose' | 'flip';
  /** `compare`: floats only, runs on every execution provider. `indices`: ScatterElements, CPU only. */
  readonly maxPool: 'compare' | 'indices';
}

/** Cotangents of the inputs, in their order; undefined where an input is inactive. */
export type VectorJacobianProduct = (context: RuleContext) => readonly (string | undefined)[];

export interface Rule {
  /** Inputs a gradient flows into; an active input elsewhere is refused. */
  readonly differentiable: readonly number[] | 'all';
  /** Inputs whose values shape the rule's output (axes, pads, sizes): constants, or computed from shapes. */
  readonly parameters?: readonly number[];
  /** The rule reads `cotangents` of all outputs; without it only output 0 may be used. */
  readonly everyOutput?: true;
  readonly vjp: VectorJacobianProduct;
}
