import { UnsupportedError } from '@hybridcam/core';
import { constantOf } from '../graph/constants.ts';
import type { GraphIndex } from '../graph/graph-index.ts';
import type { DataType } from '../proto/data-type.ts';
import { DATA_TYPE_CODE, isFloatType } from '../proto/data-type.ts';
import type { InitializerDescription } from '../proto/graph-description.ts';
import type { OnnxTensor } from '../proto/onnx-model.ts';
import { externalMessage } from '../proto/write-onnx.ts';
import { mask, multiply } from './emit-math.ts';
import type { Emitter } from './emitter.ts';
import type { Measurements } from './measurements.ts';
import { BRANCH_PREFIX } from './resolve-branches.ts';
import { type MaskBounds, maskName, type TapMask } from './tap-mask.ts';

/** Forward tensors that the rules read, as the backward model will hold them. */
export interface TensorReader {
  /** Float tensors, as float32. */
  read(tensor: string): string;
  readBoolean(tensor: string): string;
  /** 1 where a tensor that is negative nowhere is positive, else 0, as float32. */
  positive(tensor: string): string;
  /** 1 where a tensor lies strictly between the bounds, of which there is at least one, else 0, as float32. */
  between(tensor: string, bounds: MaskBounds): string;
  /** Weights copied from the forward model. */
  readonly weights: ReadonlyMap<string, InitializerDescription>;
  /** Tensors that the forward run has to hand over. */
  readonly taps: ReadonlyMap<string, DataType>;
  /** Masks that it has to hand over, by their names. */
  readonly masks: ReadonlyMap<string, TapMask>;
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
  const masks = new Map<string, TapMask>();
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
  /** undefined where the tensor itself is had for nothing, or masks are not handed over. */
  const handedOver = (tensor: string, maskOf: (dataType: DataType) => TapMask): string | undefined => {
    if (!handsOverMasks || taps.has(tensor) || measured.values.has(tensor)) return undefined;
    if (constantOf(graph, tensor) !== undefined) return undefined;
    assertNotInBranch(tensor);
    const mask = maskOf(floatTypeOf(tensor));
    // Which no constant is written in.
    if (mask.bounds?.dataType === 'bfloat16') return undefined;
    const name = maskName(prefix, mask);
    // The forward model of an earlier differentiation has such masks already, and a name is given once.
    if (graph.producer.has(name)) return undefined;
    masks.set(name, mask);
    return emit.op('Cast', [name], { to: DATA_TYPE_CODE.float32 });
  };
  return {
    weights,
    taps,
    masks,
    read,
    positive: (tensor) =>
      handedOver(tensor, () => ({ of: tensor })) ?? mask(emit, 'Greater', read(tensor), 0),
    between: (tensor, { above, below }) => {
      const maskOf = (dataType: DataType): TapMask => ({ of: tensor, bounds: { above, below, dataType } });
      const given = handedOver(tensor, maskOf);
      if (given !== undefined) return given;
      const value = read(tensor);
      return multiply(
        emit,
        ...(above === undefined ? [] : [mask(emit, 'Greater', value, above)]),
        ...(below === undefined ? [] : [mask(emit, 'Less', value, below)]),
      );
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
