import type { DataType } from './data-type.ts';

/** An ONNX file as read: names and structure decoded, weights left where they lie. */
export interface OnnxModel {
  /** The file; every tensor below is a view of it. */
  readonly bytes: Uint8Array;
  readonly irVersion: number;
  readonly producer: string;
  readonly producerVersion: string;
  /** Operator set version by domain; the default domain is ''. */
  readonly opsets: ReadonlyMap<string, number>;
  readonly graph: OnnxGraph;
  /** Model-local functions as `domain::name`. */
  readonly functions: ReadonlySet<string>;
  readonly metadata: ReadonlyMap<string, string>;
}

export interface OnnxGraph {
  readonly name: string;
  readonly nodes: readonly OnnxNode[];
  readonly initializers: readonly OnnxTensor[];
  /** Names of sparse initializers: values we do not decode. */
  readonly sparseInitializers: readonly string[];
  /** As written: before IR 4 this repeats the initializers. `GraphIndex.inputs` is without them. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
  readonly valueInfos: readonly ValueInfo[];
}

export interface OnnxNode {
  /** Place in the file's node list, or in the order that `indexGraph` brings it into. */
  readonly index: number;
  readonly name: string;
  readonly opType: string;
  /** '' for the standard operators (also when the file says `ai.onnx`). */
  readonly domain: string;
  /** '' marks an omitted optional input. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, OnnxAttribute>;
  /** Exporter's notes, such as the module path of the dynamo exporter. */
  readonly metadata: ReadonlyMap<string, string>;
  /** Names of outer tensors that the node's subgraphs (If, Loop, Scan) use without listing them as inputs. */
  readonly captured: readonly string[];
  /** The NodeProto as a view of the file. */
  readonly message: Uint8Array;
}

export type OnnxAttribute =
  | { readonly kind: 'float' | 'int'; readonly value: number }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'floats' | 'ints'; readonly value: readonly number[] }
  | { readonly kind: 'strings'; readonly value: readonly string[] }
  | { readonly kind: 'tensor'; readonly value: OnnxTensor }
  | { readonly kind: 'graph'; readonly value: OnnxGraph }
  | { readonly kind: 'graphs'; readonly value: readonly OnnxGraph[] }
  /** Sparse tensors, type protos, tensor lists, references to a function's attributes. */
  | { readonly kind: 'other' };

export interface OnnxTensor {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: DataType;
  /** The TensorProto as a view of the file: values are decoded from it on demand, or copied whole by the writer. */
  readonly message: Uint8Array;
  /** Little-endian values, where they are stored raw in the file itself. */
  readonly rawData: Uint8Array | undefined;
  /** Where the values lie if they are in another file. */
  readonly external: ExternalData | undefined;
}

export interface ExternalData {
  readonly location: string;
  readonly offset: number;
  /** undefined: up to the end of that file. */
  readonly length: number | undefined;
}

export interface ValueInfo {
  readonly name: string;
  /** undefined when the value is no tensor or has no type. */
  readonly dataType: DataType | undefined;
  /** Number, name of a symbolic dimension, or undefined; the whole is undefined when even the rank is not stated. */
  readonly shape: readonly (number | string | undefined)[] | undefined;
}
