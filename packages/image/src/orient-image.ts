import type { Orientation } from './image.ts';

/** RGBA pixels of any size; what turning works on. */
export interface Raster {
  readonly data: Uint8Array;
  readonly width: number;
  readonly height: number;
}

/**
 * Turns a stored raster upright by its EXIF orientation: a permutation of pixels, PIL's `ImageOps.exif_transpose`.
 * Orientations 5 to 8 swap width and height; 1 returns the raster itself.
 */
export function orientImage(raster: Raster, orientation: Orientation): Raster {
  if (orientation === 1) return raster;
  const { width, height } = raster;
  const [upWidth, upHeight] = orientation >= 5 ? [height, width] : [width, height];
  // One uint32 per pixel; a view at an unaligned offset is not allowed, hence the copy there.
  const aligned = raster.data.byteOffset % 4 === 0 ? raster.data : raster.data.slice();
  const source = new Uint32Array(aligned.buffer, aligned.byteOffset, width * height);
  const out = new Uint32Array(width * height);
  const { start, right, down } = walks[orientation](width, height);
  for (let y = 0, o = 0; y < upHeight; y++) {
    let from = start + y * down;
    for (let x = 0; x < upWidth; x++) {
      out[o++] = source[from]!;
      from += right;
    }
  }
  return { data: new Uint8Array(out.buffer), width: upWidth, height: upHeight };
}

/** What undoes an orientation: the quarter turns 6 and 8 undo each other, every other one undoes itself. */
export function inverseOrientation(orientation: Orientation): Orientation {
  return orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
}

/** Where the upright picture's first pixel is stored, and how far one step to the right and down goes from there. */
type Walk = (width: number, height: number) => { start: number; right: number; down: number };

const walks: Record<Orientation, Walk> = {
  1: (w) => ({ start: 0, right: 1, down: w }),
  2: (w) => ({ start: w - 1, right: -1, down: w }),
  3: (w, h) => ({ start: w * h - 1, right: -1, down: -w }),
  4: (w, h) => ({ start: w * (h - 1), right: 1, down: -w }),
  5: (w) => ({ start: 0, right: w, down: 1 }),
  6: (w, h) => ({ start: w * (h - 1), right: -w, down: 1 }),
  7: (w, h) => ({ start: w * h - 1, right: -w, down: -1 }),
  8: (w) => ({ start: w - 1, right: w, down: -1 }),
};
