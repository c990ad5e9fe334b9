import { type ArrayView, NonFiniteError, pack, ShapeError } from '@hybridcam/core';

/** The order in which a map asks pixels to be removed or shown, and how much of it is undecided. */
export interface PixelOrder {
  /** Rank of each pixel (row-major): 0 is the most relevant. */
  readonly ranks: Int32Array;
  /** Pixel of each rank: the inverse of `ranks`. */
  readonly pixels: Int32Array;
  /** Share of pixels whose value another pixel has too. */
  readonly tieFraction: number;
}

/** The bits of −0 as a float32. */
const MINUS_ZERO = -0x80000000;

/**
 * Ranks the pixels of a map [height, width]: value descending, ties in raster order. The rule is total, so the same map always
 * gives the same order (numpy's argsort, which the field uses, leaves ties to chance).
 *
 * A radix sort on the float's bits: exact, stable and several times faster than a comparator.
 * @throws NonFiniteError on NaN or infinity
 * @example pixelOrder(view(new Float32Array([0.1, 0.9, 0.9, 0]), [2, 2])).pixels // [1, 2, 0, 3]
 */
export function pixelOrder(map: ArrayView): PixelOrder {
  if (map.shape.length !== 2) {
    throw new ShapeError(`pixelOrder: expected a map [height, width]; received rank ${map.shape.length}.`);
  }
  const values = pack(map);
  const count = values.length;
  const bits = new Int32Array(new Float32Array(values).buffer);
  const keys = new Int32Array(count);
  let nonFinite = 0;
  for (let i = 0; i < count; i++) {
    if (!Number.isFinite(values[i]!)) nonFinite++;
    // −0 and +0 are equal numbers and must tie. Then: flip so that unsigned order is descending float order.
    const word = bits[i] === MINUS_ZERO ? 0 : bits[i]!;
    keys[i] = word < 0 ? word : word ^ 0x7fffffff;
  }
  if (nonFinite > 0) {
    throw new NonFiniteError(
      `pixelOrder: expected finite values; received ${nonFinite} of ${count} that are not. Rank a map only after its status is known.`,
    );
  }
  const pixels = radixSort(keys);
  const ranks = new Int32Array(count);
  let tied = 0;
  let alike = 0;
  for (let rank = 0; rank < count; rank++) {
    const pixel = pixels[rank]!;
    ranks[pixel] = rank;
    alike = rank > 0 && keys[pixels[rank - 1]!] === keys[pixel] ? alike + 1 : 1;
    // The second of a run makes two, every later one another.
    if (alike > 1) tied += alike === 2 ? 2 : 1;
  }
  return { ranks, pixels, tieFraction: count === 0 ? 0 : tied / count };
}

/** Whether two orders rank every pixel alike; orders that differ mostly do so within the first few pixels. */
export function sameOrder(a: PixelOrder, b: PixelOrder): boolean {
  return a.pixels.length === b.pixels.length && a.pixels.every((pixel, rank) => pixel === b.pixels[rank]);
}

/** The least relevant first: the exact reverse, ties included, so that MoRF and LeRF are mirror images. */
export function reverseOrder(order: PixelOrder): PixelOrder {
  const last = order.pixels.length - 1;
  return {
    ranks: order.ranks.map((rank) => last - rank),
    pixels: order.pixels.slice().reverse(),
    tieFraction: order.tieFraction,
  };
}

/** Indices in ascending order of the keys as unsigned numbers; least significant digit first, 11 bits a pass. */
function radixSort(keys: Int32Array): Int32Array {
  const count = keys.length;
  let from = new Int32Array(count);
  for (let i = 0; i < count; i++) from[i] = i;
  let to = new Int32Array(count);
  const buckets = new Int32Array(2048);
  for (const shift of [0, 11, 22]) {
    buckets.fill(0);
    for (let i = 0; i < count; i++) buckets[(keys[i]! >>> shift) & 2047]!++;
    let start = 0;
    for (let digit = 0; digit < 2048; digit++) {
      const size = buckets[digit]!;
      buckets[digit] = start;
      start += size;
    }
    for (let i = 0; i < count; i++) {
      const index = from[i]!;
      to[buckets[(keys[index]! >>> shift) & 2047]!++] = index;
    }
    [from, to] = [to, from];
  }
  return from;
}
