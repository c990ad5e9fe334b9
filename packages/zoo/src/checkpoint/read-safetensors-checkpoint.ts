import { readSafetensors, type SafetensorsType } from '@hybridcam/scenes';
import type { Parameter } from '../network/network.ts';
import type { ElementType } from './decode-elements.ts';
import { storedParameter } from './stored-parameter.ts';

const ELEMENT_TYPES: Readonly<Record<SafetensorsType, ElementType>> = {
  BOOL: 'uint8',
  U8: 'uint8',
  I8: 'int8',
  I16: 'int16',
  U16: 'uint16',
  F16: 'float16',
  BF16: 'bfloat16',
  I32: 'int32',
  U32: 'uint32',
  F32: 'float32',
  I64: 'int64',
  U64: 'uint64',
  F64: 'float64',
};

/**
 * The tensors of a safetensors file as float32, row-major, in the order in which their data lie.
 * @throws ModelFormatError naming the tensor and the rule it breaks; LimitError
 */
export function readSafetensorsCheckpoint(bytes: Uint8Array): Map<string, Parameter> {
  return new Map(
    [...readSafetensors(bytes).tensors].map(([name, tensor]) => [
      name,
      storedParameter(tensor.shape, tensor.bytes, ELEMENT_TYPES[tensor.dataType]),
    ]),
  );
}
