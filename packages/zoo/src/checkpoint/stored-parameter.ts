import type { Parameter } from '../network/network.ts';
import { decodeElements, type ElementType, isFloat32View } from './decode-elements.ts';

/**
 * A parameter whose elements stay in the file, in the type they have there. Aligned float32 is a view; anything else is widened each
 * time `data` is read, so that a checkpoint of halves never lies in memory as float32 as well.
 */
export function storedParameter(shape: readonly number[], bytes: Uint8Array, type: ElementType): Parameter {
  if (isFloat32View(bytes, type)) return { shape, data: decodeElements(bytes, type) };
  return {
    shape,
    get data() {
      return decodeElements(bytes, type);
    },
  };
}
