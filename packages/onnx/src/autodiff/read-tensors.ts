import { UnsupportedError } from '@hybridcam/core';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { DataType } from '../proto/data-type.ts';
import { DATA_TYPE_CODE, isFloatType } from '../proto/data-type.ts';
import type { InitializerDescription } from '../proto/graph-description.ts';
import type { OnnxTensor } from '../proto/onnx-model.ts';
import { externalMessage } from '../proto/write-onnx.ts';
import { mask } from './emit-math.ts';
import type { Emitter } from './emitter.ts';
import type { Measurements } from './measurements.ts';
import { BRANCH_PREFIX } from './resolve-branches.ts';

/** Forward tensors that the rules read, as the backward model will hold them. */
export interface TensorReader {
  /** Float tensors, as float32. */
  read(tensor: string): string;
  readBoolean(tensor: string): string;
  /** 1 where a tensor that is negative nowhere is positive, else 0, as float32. */
  positive(tensor: string): string;
  /** Weights copied from the forward model. */
  readonly weights: ReadonlyMap<string, InitializerDescription>;
  /** Tensors that the forward run has to hand over. */
  readonly taps: ReadonlyMap<string, DataType>;
  /** Names under which it has to hand over masks, by the tensors they are made of. */
  readonly masks: ReadonlyMap<string, string>;
}

export interface TensorReaderOptions {
  readonly graph: GraphIndex;
  readonly emit: Emitter;
  readonly measured: Measurements;
  /** Starts the names of the weights. */
  readonly prefix: string;
  /**
   * Name under which sessions know the forward model's own bytes as external data: large weights are then named there instead
   * of copied. undefined: copied.
   */
  readonly self: string | undefined;
  /** See `BackwardSource`. */
  readonly handsOverMasks: boolean;
}

export function createTensorReader({
  graph,
  emit,
  measured,
  prefix,
  self,
  handsOverMasks,
}: TensorReaderOptions): TensorReader {
  const weights = new Map<string, InitializerDescription>();
  const taps = new Map<string, DataType>();
  const masks = new Map<string, string>();
  const toFloat = (name: string, type: DataType): string =>
    type === 'float32' ? name : emit.op('Cast', [name], { to: DATA_TYPE_CODE.float32 });

  const weight = (tensor: string): { name: string; dataType: DataType } | undefined => {
    const constant = constantOf(graph, tensor);
    if (!constant) return undefined;
    if (!constant.tensor)
      return { name: emit.floats(constant.numbers(), constant.dims), dataType: 'float32' };
    const name = `${prefix}weight/${tensor}`;
    weights.set(name, { copy: byReference(constant.tensor, graph.model.bytes, self), name });
    return { name, dataType: constant.dataType };
  };
  const tap = (tensor: string, type: DataType): string => {
    assertNotInBranch(tensor);
    taps.set(tensor, type);
    return tensor;
  };
  const floatTypeOf = (tensor: string): DataType => {
    const type = measured.dataTypes.get(tensor) ?? 'float32';
    if (!isFloatType(type)) throw notFloat(tensor, type);
    return type;
  };
  const read = (tensor: string): string => {
    const stored = weight(tensor);
    if (stored) return toFloat(stored.name, stored.dataType);
    const computed = measured.values.get(tensor);
    if (computed) return emit.floats(computed.data, computed.dims);
    const type = floatTypeOf(tensor);
    return toFloat(tap(tensor, type), type);
  };
  const maskName = (tensor: string): string => `${prefix}positive/${tensor}`;
  /** Not in a file that has such masks already, the forward model of an earlier differentiation: a name is given once. */
  const canHandOver = (tensor: string): boolean =>
    handsOverMasks &&
    !taps.has(tensor) &&
    !measured.values.has(tensor) &&
    constantOf(graph, tensor) === undefined &&
    !graph.producer.has(maskName(tensor));
  return {
    weights,
    taps,
    masks,
    read,
    positive: (tensor) => {
      if (!canHandOver(tensor)) return mask(emit, 'Greater', read(tensor), 0);
      assertNotInBranch(tensor);
      floatTypeOf(tensor);
      const name = maskName(tensor);
      masks.set(tensor, name);
      return emit.op('Cast', [name], { to: DATA_TYPE_CODE.float32 });
    },
    readBoolean: (tensor) => {
      const stored = weight(tensor);
      if (stored) return stored.name;
      const computed = measured.values.get(tensor);
      if (!computed) return tap(tensor, 'bool');
      return emit.op('Greater', [emit.floats(computed.data, computed.dims), 0]);
    },
  };
}

/** Smaller tensors are copied: they are biases and scalars, not what memory goes to. */
const MIN_REFERENCE_BYTES = 1024;

function byReference(tensor: OnnxTensor, file: Uint8Array, self: string | undefined): OnnxTensor {
  const raw = tensor.rawData;
  if (self === undefined || raw === undefined || raw.length < MIN_REFERENCE_BYTES) return tensor;
  const external = { location: self, offset: raw.byteOffset - file.byteOffset, length: raw.length };
  return {
    ...tensor,
    external,
    rawData: undefined,
    message: externalMessage({ ...tensor, external }).finish(),
  };
}

function assertNotInBranch(tensor: string): void {
  if (!tensor.startsWith(BRANCH_PREFIX)) return;
  const name = tensor.slice(tensor.indexOf('/', BRANCH_PREFIX.length) + 1);
  throw new UnsupportedError(
    `differentiate: expected no values from inside an If branch; the gradient needs "${name}", which the forward run cannot hand over. Choose a layer behind it, or a gradient-free method.`,
  );
}

function notFloat(tensor: string, type: DataType): UnsupportedError {
  return new UnsupportedError(
    `differentiate: expected "${tensor}" to hold floats on the way of a gradient; received ${type}.`,
  );
}
