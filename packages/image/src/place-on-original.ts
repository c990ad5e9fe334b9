import { type ArrayView, type NdArray, pack, ShapeError, view } from '@hybridcam/core';
import type { Frame, Geometry } from './geometry.ts';
import { inverseOrientation, orientImage } from './orient-image.ts';
import { toStored } from './orient-point.ts';

/** A map on the original picture and the part of the picture that the network saw. */
export interface PlacedMap {
  /** [height, width] of the original picture; 0 outside `seen`. */
  readonly map: NdArray<Float32Array>;
  /**
   * Whole pixels of the original whose centres lie in the model input; of an axis where a single pixel is wider than the
   * input, that pixel. Outside it nothing is known, which is not 0.
   */
  readonly seen: Rectangle;
}

export interface Rectangle {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/**
 * Puts a map at model-input size, [height, width], back on the original picture: the crop and the resize undone.
 *
 * Linear interpolation at half-pixel centres; where the original is smaller than the input, averaged over each pixel's
 * width. Values stay within the map's range.
 *
 * @param frame which raster of the picture, see `Frame`. Default: `upright`
 *
 * @throws ShapeError when the map has not the input's size
 */
export function placeOnOriginal(map: ArrayView, geometry: Geometry, frame: Frame = 'upright'): PlacedMap {
  const { original, resized, input, offset } = geometry;
  if (map.shape.length !== 2 || map.shape[0] !== input.height || map.shape[1] !== input.width) {
    throw new ShapeError(
      `placeOnOriginal: expected a map [${input.height}, ${input.width}], the size of the model input; ` +
        `received [${map.shape}]. Upsample it to the input first.`,
    );
  }
  const columns = inverseAxis(original.width, resized.width, input.width, offset.x);
  const rows = inverseAxis(original.height, resized.height, input.height, offset.y);
  const values = pack(map);
  const out = new Float32Array(original.width * original.height);
  // Horizontally once per input row; then every output row is a mix of those.
  const narrowed = new Float64Array(input.height * columns.length);
  for (let y = 0; y < input.height; y++) {
    for (let x = 0; x < columns.length; x++) {
      let sum = 0;
      const from = columns.start[x]!;
      for (let k = columns.begin[x]!; k < columns.begin[x + 1]!; k++) {
        sum += columns.weights[k]! * values[y * input.width + from + k - columns.begin[x]!]!;
      }
      narrowed[y * columns.length + x] = sum;
    }
  }
  const row = new Float64Array(columns.length);
  for (let y = 0; y < rows.length; y++) {
    row.fill(0);
    for (let k = rows.begin[y]!; k < rows.begin[y + 1]!; k++) {
      const from = (rows.start[y]! + k - rows.begin[y]!) * columns.length;
      for (let x = 0; x < columns.length; x++) row[x]! += rows.weights[k]! * narrowed[from + x]!;
    }
    out.set(row, (rows.first + y) * original.width + columns.first);
  }
  const placed = {
    map: view(out, [original.height, original.width]),
    seen: { left: columns.first, top: rows.first, width: columns.length, height: rows.length },
  };
  return frame === 'stored' ? onStoredRaster(out, placed.seen, geometry) : placed;
}

function onStoredRaster(
  values: Float32Array,
  seen: Rectangle,
  { original, orientation }: Geometry,
): PlacedMap {
  // A float32 is four bytes, as a pixel is: turning moves both alike.
  const bytes = new Uint8Array(values.buffer);
  const { data, width, height } = orientImage({ data: bytes, ...original }, inverseOrientation(orientation));
  const a = toStored({ x: seen.left, y: seen.top }, original, orientation);
  const b = toStored({ x: seen.left + seen.width, y: seen.top + seen.height }, original, orientation);
  return {
    map: view(new Float32Array(data.buffer), [height, width]),
    seen: {
      left: Math.min(a.x, b.x),
      top: Math.min(a.y, b.y),
      width: Math.abs(a.x - b.x),
      height: Math.abs(a.y - b.y),
    },
  };
}

/** For each seen pixel of the original, `first` …: weights over input samples `start[i]` …, at `begin[i]` ≤ k < `begin[i+1]`. */
interface InverseAxis {
  readonly first: number;
  readonly length: number;
  readonly start: Int32Array;
  readonly begin: Int32Array;
  readonly weights: Float64Array;
}

function inverseAxis(original: number, resized: number, input: number, offset: number): InverseAxis {
  const scale = resized / original; // input samples per original pixel
  const center = (pixel: number): number => (pixel + 0.5) * scale - offset;
  let first = Math.max(0, Math.ceil(offset / scale - 0.5));
  let end = first;
  while (end < original && center(end) < input) end++;
  if (end === first) {
    // The input lies between two centres: the network saw a part of one pixel, the one that holds the input's middle.
    first = Math.min(original - 1, Math.max(0, Math.floor((offset + input / 2) / scale)));
    end = first + 1;
  }
  const length = end - first;
  const support = Math.max(1, scale);
  const start = new Int32Array(length);
  const begin = new Int32Array(length + 1);
  const weights: number[] = [];
  for (let i = 0; i < length; i++) {
    const at = center(first + i);
    const low = Math.max(0, Math.ceil(at - 0.5 - support));
    const high = Math.min(input - 1, Math.floor(at - 0.5 + support));
    start[i] = low;
    begin[i] = weights.length;
    let total = 0;
    for (let j = low; j <= high; j++) total += Math.max(0, 1 - Math.abs(j + 0.5 - at) / support);
    for (let j = low; j <= high; j++) {
      weights.push(Math.max(0, 1 - Math.abs(j + 0.5 - at) / support) / total);
    }
  }
  begin[length] = weights.length;
  return { first, length, start, begin, weights: new Float64Array(weights) };
}
