import { type ArrayView, pack } from '@hybridcam/core';

/**
 * An array as the bytes of a `.npy` file (version 1.0, little-endian float32, C order): `numpy.load` reads it.
 *
 * Any number of axes and any strides. Values are stored as they are, not scaled.
 */
export function encodeNpy(array: ArrayView): Uint8Array {
  const values = pack(array);
  const shape = array.shape.length === 1 ? `${array.shape[0]},` : array.shape.join(', ');
  const description = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape}), }`;
  const prefix = 10;
  // The data starts at a multiple of 64, so that it can be mapped into memory.
  const dataStart = Math.ceil((prefix + description.length + 1) / 64) * 64;
  const bytes = new Uint8Array(dataStart + 4 * values.length);
  const view = new DataView(bytes.buffer);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  view.setUint16(8, dataStart - prefix, true);
  bytes.fill(0x20, prefix, dataStart);
  for (let i = 0; i < description.length; i++) bytes[prefix + i] = description.charCodeAt(i);
  bytes[dataStart - 1] = 0x0a;
  for (let i = 0; i < values.length; i++) view.setFloat32(dataStart + 4 * i, values[i]!, true);
  return bytes;
}
