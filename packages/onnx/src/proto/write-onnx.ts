import { OptionError } from '@hybridcam/core';
import { bytesPerElement, DATA_TYPE_CODE, type DataType } from './data-type.ts';
import type {
  AttributeDescription,
  ExternalTensorDescription,
  GraphDescription,
  InitializerDescription,
  NodeCopy,
  NodeDescription,
  TensorDescription,
  ValueDescription,
} from './graph-description.ts';
import { floatsToHalves } from './half.ts';
import { concatenate, MessageWriter } from './message-writer.ts';
import { WireReader, wireSource } from './wire-reader.ts';

/** A whole model as plain data. */
export interface ModelDescription {
  /** Operator set versions by domain; '' is the standard one. */
  readonly opsets: Readonly<Record<string, number>>;
  /** IR version. Default 8, which every ONNX Runtime since 1.9 reads. */
  readonly ir?: number;
  readonly graph: GraphDescription;
  readonly metadata?: Readonly<Record<string, string>>;
  readonly producer?: string;
}

/**
 * ONNX bytes of a model given as plain data. Tensors are referenced until the one final copy.
 * @throws OptionError when a tensor's data do not fit its shape and type
 */
export function writeModel(model: ModelDescription): Uint8Array {
  const message = new MessageWriter().integer(1, model.ir ?? 8).string(2, model.producer ?? 'hybridcam');
  message.message(7, graphMessage(model.graph, model.graph.name ?? 'graph'));
  for (const [domain, version] of Object.entries(model.opsets)) {
    message.message(8, new MessageWriter().string(1, domain).integer(2, version));
  }
  for (const entry of entries(model.metadata)) message.message(14, entry);
  return message.finish();
}

/**
 * The model with more outputs, nodes, initializers or inputs, and more entries in its metadata: the original bytes, untouched, followed by a graph that holds
 * only the new parts. Protobuf defines reading the two as one merged message. Names must be new, and new outputs must not be
 * outputs already (ONNX Runtime accepts that silently); the caller checks both.
 */
export function appendToModel(
  bytes: Uint8Array,
  addition: GraphDescription,
  metadata?: Readonly<Record<string, string>>,
): Uint8Array {
  const tail = new MessageWriter().message(7, graphMessage(addition, undefined));
  for (const entry of entries(metadata)) tail.message(14, entry);
  return concatenate([bytes, ...tail.parts()]);
}

function graphMessage(graph: GraphDescription, name: string | undefined): MessageWriter {
  const message = new MessageWriter();
  for (const node of graph.nodes ?? []) message.message(1, nodeMessage(node));
  if (name !== undefined) message.string(2, name);
  for (const initializer of graph.initializers ?? []) message.joined(5, initializerParts(initializer));
  for (const input of graph.inputs ?? []) message.message(11, valueMessage(input));
  for (const output of graph.outputs ?? []) message.message(12, valueMessage(output));
  for (const value of graph.valueInfos ?? []) message.message(13, valueMessage(value));
  return message;
}

function nodeMessage(node: NodeDescription | NodeCopy): MessageWriter {
  const message = new MessageWriter();
  for (const input of node.inputs) message.string(1, input);
  for (const output of node.outputs) message.string(2, output);
  if (node.name) message.string(3, node.name);
  if ('copy' in node) {
    const fields = new WireReader(wireSource(node.copy.message), 0, node.copy.message.length);
    while (fields.next()) {
      if (fields.field > 3) message.raw(node.copy.message.subarray(fields.tagStart, fields.stop));
    }
    return message;
  }
  message.string(4, node.opType);
  for (const [name, value] of Object.entries(node.attributes ?? {})) {
    message.message(5, attributeMessage(name, value));
  }
  if (node.domain) message.string(7, node.domain);
  for (const entry of entries(node.metadata)) message.message(9, entry);
  return message;
}

function attributeMessage(name: string, value: AttributeDescription): MessageWriter {
  const message = new MessageWriter().string(1, name);
  if (typeof value === 'number' || typeof value === 'bigint') return message.integer(3, value).integer(20, 2);
  if (typeof value === 'string') return message.string(4, value).integer(20, 3);
  if ('float' in value) return message.float(2, value.float).integer(20, 1);
  if ('floats' in value) {
    for (const number of value.floats) message.float(7, number);
    return message.integer(20, 6);
  }
  if ('strings' in value) {
    for (const text of value.strings) message.string(9, text);
    return message.integer(20, 8);
  }
  if ('tensor' in value) return message.message(5, tensorMessage(value.tensor)).integer(20, 4);
  if ('graph' in value) {
    return message.message(6, graphMessage(value.graph, value.graph.name ?? name)).integer(20, 5);
  }
  for (const number of value) message.integer(8, number);
  return message.integer(20, 7);
}

function initializerParts(initializer: InitializerDescription): readonly Uint8Array[] {
  if ('external' in initializer) return externalMessage(initializer).parts();
  if (!('copy' in initializer)) return tensorMessage(initializer).parts();
  const { copy, name } = initializer;
  if (name === undefined || name === copy.name) return [copy.message];
  // Of a field that may occur once the last occurrence counts: the new name overrides the copied one.
  return [copy.message, ...new MessageWriter().string(8, name).parts()];
}

/** A TensorProto. */
export function tensorMessage(tensor: TensorDescription): MessageWriter {
  const message = new MessageWriter();
  for (const extent of tensor.dims) message.integer(1, extent);
  message.integer(2, typeCode(tensor.dataType));
  if (tensor.name) message.string(8, tensor.name);
  return message.bytes(9, littleEndianBytes(tensor));
}

/** A TensorProto that points into another file. */
export function externalMessage({
  name,
  dims,
  dataType,
  external,
}: ExternalTensorDescription): MessageWriter {
  const message = new MessageWriter();
  for (const extent of dims) message.integer(1, extent);
  message.integer(2, typeCode(dataType)).string(8, name);
  const { location, offset, length } = external;
  const record = { location, offset: `${offset}`, ...(length === undefined ? {} : { length: `${length}` }) };
  for (const entry of entries(record)) message.message(13, entry);
  return message.integer(14, 1);
}

/** A ValueInfoProto. */
export function valueMessage(value: ValueDescription): MessageWriter {
  const message = new MessageWriter().string(1, value.name);
  if (value.dataType === undefined) return message;
  const tensor = new MessageWriter().integer(1, typeCode(value.dataType));
  if (value.shape) {
    const shape = new MessageWriter();
    for (const extent of value.shape) {
      const dimension = new MessageWriter();
      if (typeof extent === 'number') dimension.integer(1, extent);
      else if (extent !== undefined) dimension.string(2, extent);
      shape.message(1, dimension);
    }
    tensor.message(2, shape);
  }
  return message.message(2, new MessageWriter().message(1, tensor));
}

function* entries(record: Readonly<Record<string, string>> | undefined): Generator<MessageWriter> {
  for (const [key, value] of Object.entries(record ?? {}))
    yield new MessageWriter().string(1, key).string(2, value);
}

function typeCode(type: DataType): number {
  const code = (DATA_TYPE_CODE as Partial<Record<DataType, number>>)[type];
  if (code === undefined)
    throw new OptionError(`writeModel: expected an ONNX element type; received "${type}".`);
  return code;
}

function littleEndianBytes(tensor: TensorDescription): Uint8Array {
  const size = bytesPerElement(tensor.dataType);
  const count = tensor.dims.reduce((product, extent) => product * extent, 1);
  const where = `writeModel: tensor "${tensor.name ?? ''}" [${tensor.dims}] ${tensor.dataType}`;
  if (size === undefined) throw new OptionError(`${where}: expected a type of whole bytes per element.`);
  const data = ArrayBuffer.isView(tensor.data)
    ? tensor.data
    : fromNumbers(tensor.dataType, tensor.data, where);
  // JavaScript runs on little-endian machines only (typed arrays elsewhere would need a swap here).
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  if (bytes.length !== count * size) {
    throw new OptionError(`${where}: expected ${count * size} bytes of data; received ${bytes.length}.`);
  }
  return bytes;
}

function fromNumbers(type: DataType, values: readonly number[], where: string): ArrayBufferView {
  switch (type) {
    case 'float32':
      return Float32Array.from(values);
    case 'float64':
      return Float64Array.from(values);
    case 'float16':
      return floatsToHalves(values);
    case 'int64':
      return BigInt64Array.from(values, BigInt);
    case 'int32':
      return Int32Array.from(values);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
    case 'int8':
      return Int8Array.from(values);
    default:
      throw new OptionError(`${where}: expected data as bytes for this type; received a list of numbers.`);
  }
}
