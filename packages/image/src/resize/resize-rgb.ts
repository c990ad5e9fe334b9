import type { Image } from '../image.ts';
import type { ResizeFilter } from '../preprocessing.ts';
import { type Coefficients, coefficients, precisionBits } from './coefficients.ts';
import { resizeNearest } from './resize-nearest.ts';
import type { ResizeWindow } from './window.ts';

const half = 1 << (precisionBits - 1);

/**
 * PIL's `resize` on RGB bytes, bit for bit: an 8-bit horizontal pass, then an 8-bit vertical one (the other way round for
 * slivers, as Pillow does since 10.1). Only the window is computed, which changes no value: every output pixel depends on
 * the image alone.
 *
 * @returns RGB bytes of the window, [cropHeight, cropWidth, 3]
 */
export function resizeRgb(image: Image, window: ResizeWindow, filter: ResizeFilter): Uint8ClampedArray {
  const { width, height, left, top, cropWidth, cropHeight } = window;
  if (filter === 'nearest') return resizeNearest(image, window);
  const columns = coefficients(image.width, width, filter, left, cropWidth);
  const rows = coefficients(image.height, height, filter, top, cropHeight);
  if (image.height > image.width * 100 && height < image.height) {
    const data = vertical(image.data, rows, 0, image.width * 4);
    return horizontal({ data, width: image.width, height: cropHeight }, columns, 0, cropHeight);
  }
  const firstRow = rows.start[0]!;
  const lastRow = rows.start[cropHeight - 1]! + rows.count[cropHeight - 1]!;
  return vertical(horizontal(image, columns, firstRow, lastRow), rows, firstRow, cropWidth * 3);
}

/** Rows `firstRow` … `lastRow − 1` of the RGBA image, resampled along the width: RGB, packed. */
function horizontal(
  image: Image,
  { start, count, weights, taps }: Coefficients,
  firstRow: number,
  lastRow: number,
): Uint8ClampedArray {
  const { data, width } = image;
  const outWidth = start.length;
  const out = new Uint8ClampedArray((lastRow - firstRow) * outWidth * 3);
  let o = 0;
  for (let y = firstRow; y < lastRow; y++) {
    const row = y * width * 4;
    for (let x = 0; x < outWidth; x++) {
      let red = half;
      let green = half;
      let blue = half;
      let p = row + start[x]! * 4;
      const firstWeight = x * taps;
      const endWeight = firstWeight + count[x]!;
      for (let k = firstWeight; k < endWeight; k++) {
        const weight = weights[k]!;
        red += data[p]! * weight;
        green += data[p + 1]! * weight;
        blue += data[p + 2]! * weight;
        p += 4;
      }
      // The store clamps to 0…255, as PIL's clip8 does after the same arithmetic shift.
      out[o] = red >> precisionBits;
      out[o + 1] = green >> precisionBits;
      out[o + 2] = blue >> precisionBits;
      o += 3;
    }
  }
  return out;
}

/** Resamples along the height; `stride` values per row, so the three channels need no care. */
function vertical(
  input: Uint8Array | Uint8ClampedArray,
  { start, count, weights, taps }: Coefficients,
  firstRow: number,
  stride: number,
): Uint8ClampedArray {
  const outHeight = start.length;
  const out = new Uint8ClampedArray(outHeight * stride);
  const sums = new Int32Array(stride);
  for (let y = 0; y < outHeight; y++) {
    sums.fill(half);
    for (let j = 0; j < count[y]!; j++) {
      const weight = weights[y * taps + j]!;
      const row = (start[y]! - firstRow + j) * stride;
      for (let x = 0; x < stride; x++) sums[x]! += input[row + x]! * weight;
    }
    const row = y * stride;
    for (let x = 0; x < stride; x++) out[row + x] = sums[x]! >> precisionBits;
  }
  return out;
}
