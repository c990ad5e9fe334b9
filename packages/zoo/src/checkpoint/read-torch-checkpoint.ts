import { LimitError, ModelFormatError } from '@hybridcam/core';
import { elementCount } from '../network/element-count.ts';
import type { Parameter } from '../network/network.ts';
import { type ElementType, elementSize } from './decode-elements.ts';
import { CHECKPOINT_LIMITS } from './limits.ts';
import { isDict, isTensor, type PickleDict, type PickleValue, type TensorReference } from './pickle-value.ts';
import { readStoredZip } from './read-stored-zip.ts';
import { stridedParameter } from './strided-parameter.ts';
import { unpickle } from './unpickle.ts';

/** Keys under which trainers wrap the state dict. */
const WRAPPERS = ['state_dict', 'model_state_dict', 'model'];

const ELEMENT_TYPES: Readonly<Record<string, ElementType>> = {
  Float: 'float32',
  Half: 'float16',
  BFloat16: 'bfloat16',
  Double: 'float64',
  Long: 'int64',
  Int: 'int32',
  Short: 'int16',
  Char: 'int8',
  Byte: 'uint8',
  Bool: 'uint8',
};

/**
 * The tensors of a PyTorch checkpoint (`torch.save` of a state dict, zip format of PyTorch 1.6 and later), as float32, row-major.
 * Those of another type, or not in that order, are converted each time their `data` is read.
 *
 * Runs nothing: the pickle can build dicts, lists and tensors only. Shared and non-contiguous storages are read as PyTorch would.
 * A dict under `state_dict`, `model_state_dict` or `model` is unwrapped; values that are not tensors are left out.
 * @param name what to call the file in messages
 * @throws ModelFormatError with the offset; LimitError
 */
export function readTorchCheckpoint(bytes: Uint8Array, name = 'checkpoint'): Map<string, Parameter> {
  const entries = readStoredZip(bytes, name);
  const pickleName = [...entries.keys()].filter(
    (entry) => entry === 'data.pkl' || /^[^/]+\/data\.pkl$/.test(entry),
  );
  if (pickleName.length !== 1) {
    throw new ModelFormatError(
      `${name}: expected one data.pkl in the archive; received ${pickleName.length}. It is not a PyTorch checkpoint.`,
    );
  }
  if (entries.has(pickleName[0]!.replace('data.pkl', 'constants.pkl'))) {
    throw new ModelFormatError(
      `${name}: expected a state dict; received a TorchScript archive, which holds code. Save model.state_dict() instead.`,
    );
  }
  const folder = pickleName[0]!.slice(0, -'data.pkl'.length);
  const order = entries.get(`${folder}byteorder`);
  if (order && new TextDecoder().decode(order).trim() !== 'little') {
    throw new ModelFormatError(
      `${name}: expected little-endian storages. Save it again on an ordinary machine.`,
    );
  }
  const dict = stateDict(unpickle(entries.get(pickleName[0]!)!, name), name);
  const parameters = new Map<string, Parameter>();
  let [elements, repeated] = [0, 0];
  for (const [key, value] of dict.entries) {
    if (!isTensor(value)) continue;
    const size = elementCount(value.shape);
    elements += size;
    // Zero strides can describe a huge tensor in one element; a real checkpoint never needs more elements than the file has bytes.
    if (!(elements <= bytes.length)) {
      throw new LimitError(
        `${name}: tensors up to "${key}" would hold ${elements} elements, more than the file has bytes.`,
      );
    }
    if (size > value.storage.elementCount) repeated += 4 * size;
    if (repeated > bytes.length) {
      throw new LimitError(
        `${name}: tensors up to "${key}" that repeat the elements of their storage would take ${repeated} bytes, more than the file has. Save them with clone().`,
      );
    }
    const storage = readStorage(entries, folder, value, name);
    const type = ELEMENT_TYPES[value.storage.type]!;
    parameters.set(key, stridedParameter(storage, type, value, `${name}: tensor "${key}"`));
    if (parameters.size > CHECKPOINT_LIMITS.tensors)
      throw new LimitError(`${name}: more than ${CHECKPOINT_LIMITS.tensors} tensors.`);
  }
  if (parameters.size === 0)
    throw new ModelFormatError(`${name}: expected a dict of tensors; received none.`);
  return parameters;
}

function stateDict(value: PickleValue, name: string): PickleDict {
  if (!isDict(value))
    throw new ModelFormatError(
      `${name}: expected a state dict; received something else. Save model.state_dict().`,
    );
  for (const wrapper of WRAPPERS) {
    const inner = value.entries.get(wrapper);
    if (inner !== undefined && isDict(inner)) return inner;
  }
  return value;
}

function readStorage(
  entries: ReadonlyMap<string, Uint8Array>,
  folder: string,
  { storage }: TensorReference,
  name: string,
): Uint8Array {
  const bytes = entries.get(`${folder}data/${storage.key}`);
  const type = ELEMENT_TYPES[storage.type]!;
  if (bytes?.length !== storage.elementCount * elementSize(type)) {
    throw new ModelFormatError(
      `${name}: expected ${storage.elementCount} ${type} elements in storage "${storage.key}"; received ${bytes ? `${bytes.length} bytes` : 'no such entry'}.`,
    );
  }
  return bytes;
}
