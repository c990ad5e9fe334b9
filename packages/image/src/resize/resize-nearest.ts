import type { Image } from '../image.ts';
import type { ResizeWindow } from './window.ts';

/**
 * PIL's nearest-neighbour `resize` on RGB bytes, bit for bit.
 * @returns RGB bytes of the window, [cropHeight, cropWidth, 3]
 */
export function resizeNearest(image: Image, window: ResizeWindow): Uint8ClampedArray {
  const { left, top, cropWidth, cropHeight } = window;
  const columns = nearestIndices(image.width, window.width, left, cropWidth);
  const rows = nearestIndices(image.height, window.height, top, cropHeight);
  const out = new Uint8ClampedArray(cropWidth * cropHeight * 3);
  let o = 0;
  for (let y = 0; y < cropHeight; y++) {
    const row = rows[y]! * image.width;
    for (let x = 0; x < cropWidth; x++) {
      const p = (row + columns[x]!) * 4;
      out[o++] = image.data[p]!;
      out[o++] = image.data[p + 1]!;
      out[o++] = image.data[p + 2]!;
    }
  }
  return out;
}

/** Source index of outputs `first` …; the position is summed up step by step because PIL does, rounding included. */
function nearestIndices(inputSize: number, outputSize: number, first: number, length: number): Int32Array {
  const step = inputSize / outputSize;
  const indices = new Int32Array(length);
  let position = step * 0.5;
  for (let i = 0; i < first + length; i++) {
    if (i >= first) indices[i - first] = Math.min(inputSize - 1, Math.trunc(position));
    position += step;
  }
  return indices;
}
