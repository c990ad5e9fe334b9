import type { DataType } from './data-type.ts';
import type { ExternalData, OnnxNode, OnnxTensor } from './onnx-model.ts';

/** Plain data from which `writeModel` and `appendToModel` make ONNX bytes. */
export interface GraphDescription {
  readonly name?: string;
  readonly inputs?: readonly ValueDescription[];
  readonly outputs?: readonly ValueDescription[];
  readonly nodes?: readonly (NodeDescription | NodeCopy)[];
  readonly initializers?: readonly InitializerDescription[];
  readonly valueInfos?: readonly ValueDescription[];
}

export interface ValueDescription {
  readonly name: string;
  /** May be left out for outputs: ONNX Runtime infers them (the ONNX checker wants them). */
  readonly dataType?: DataType | undefined;
  /** Numbers, symbolic names, or undefined for unknown extents. */
  readonly shape?: readonly (number | string | undefined)[] | undefined;
}

/** A node of another model with its attributes as they lie there, between other tensors. */
export interface NodeCopy {
  readonly copy: OnnxNode;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name: string;
}

export interface NodeDescription {
  readonly opType: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly name?: string;
  readonly domain?: string;
  readonly attributes?: Readonly<Record<string, AttributeDescription>>;
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * A bare number is an int, a bare list of numbers ints, a string a string. Floats say so: `{ float: 1 }`, `{ floats: […] }`,
 * because 1 alone could be either.
 */
export type AttributeDescription =
  | number
  | bigint
  | string
  | readonly number[]
  | { readonly float: number }
  | { readonly floats: readonly number[] }
  | { readonly strings: readonly string[] }
  | { readonly tensor: TensorDescription }
  | { readonly graph: GraphDescription };

/** Values are referenced, not copied, until the file is written. */
export interface TensorDescription {
  readonly name?: string;
  readonly dims: readonly number[];
  readonly dataType: DataType;
  /** Typed array or raw little-endian bytes of exactly the shape; a list of numbers for small tensors. */
  readonly data: ArrayBufferView | readonly number[];
}

/** A tensor whose values lie in another file. */
export interface ExternalTensorDescription {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: DataType;
  readonly external: ExternalData;
}

/** A new tensor, one in another file, or one of another model copied as its bytes lie there, under its own or another name. */
export type InitializerDescription =
  | (TensorDescription & { readonly name: string })
  | ExternalTensorDescription
  | { readonly copy: OnnxTensor; readonly name?: string };
