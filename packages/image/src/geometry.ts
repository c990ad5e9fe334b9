import type { Orientation } from './image.ts';
import { fromStored, toStored } from './orient-point.ts';
import type { Crop, Resize } from './preprocessing.ts';

/**
 * Where the pixels of a model input lie on the original picture; plain data.
 *
 * Coordinates are continuous: pixel (column i, row j) covers [i, i+1] × [j, j+1], so its centre is (i + 0.5, j + 0.5).
 */
export interface Geometry {
  /** The image that was preprocessed (upright, if decoding turned it). */
  readonly original: Extent;
  /** After resizing, before cropping. */
  readonly resized: Extent;
  /** The model input. */
  readonly input: Extent;
  /** Upper left corner of the input on the resized image; negative where the crop is larger and was padded. */
  readonly offset: Point;
  /** How the file's stored raster was turned to give `original`; 1 where it was not. */
  readonly orientation: Orientation;
}

/**
 * `upright`: the picture as decoded, `original`. `stored`: the raster in the file, before its EXIF orientation was applied;
 * the same where none was.
 */
export type Frame = 'upright' | 'stored';

export interface Extent {
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** The geometry of torchvision's resize and centre crop for an image of this size. */
export function inputGeometry(
  original: Extent,
  resize: Resize,
  crop: Crop,
  orientation: Orientation = 1,
): Geometry {
  const resized = resizedExtent(original, resize);
  const input = crop.mode === 'none' ? resized : { width: crop.size[1], height: crop.size[0] };
  const offset = {
    x: centerOffset(resized.width, input.width),
    y: centerOffset(resized.height, input.height),
  };
  return {
    original: { width: original.width, height: original.height },
    resized,
    input,
    offset,
    orientation,
  };
}

/**
 * A point of the model input, in coordinates of the original picture. It may lie outside when the crop was padded.
 * @param frame which raster of the picture, see `Frame`. Default: `upright`
 */
export function toOriginal(point: Point, geometry: Geometry, frame: Frame = 'upright'): Point {
  const { original, resized, offset, orientation } = geometry;
  const upright = {
    x: ((point.x + offset.x) * original.width) / resized.width,
    y: ((point.y + offset.y) * original.height) / resized.height,
  };
  return frame === 'stored' ? toStored(upright, original, orientation) : upright;
}

/**
 * A point of the original picture, in coordinates of the model input. It lies outside where the crop cut it off.
 * @param frame which raster of the picture `point` is on, see `Frame`. Default: `upright`
 */
export function toInput(point: Point, geometry: Geometry, frame: Frame = 'upright'): Point {
  const { original, resized, offset, orientation } = geometry;
  const upright = frame === 'stored' ? fromStored(point, original, orientation) : point;
  return {
    x: (upright.x * resized.width) / original.width - offset.x,
    y: (upright.y * resized.height) / original.height - offset.y,
  };
}

function resizedExtent({ width, height }: Extent, resize: Resize): Extent {
  switch (resize.mode) {
    case 'none':
      return { width, height };
    case 'squash':
      return { width: resize.size[1], height: resize.size[0] };
    case 'shorter-side': {
      // torchvision truncates; rounding would be one pixel off on half of all photographs.
      const long = Math.trunc((resize.size * Math.max(width, height)) / Math.min(width, height));
      return width <= height ? { width: resize.size, height: long } : { width: long, height: resize.size };
    }
  }
}

/** torchvision's `CenterCrop`: Python's `round` (half to even) inside, floor of the half as padding outside. */
function centerOffset(extent: number, size: number): number {
  if (size > extent) return -Math.floor((size - extent) / 2);
  const twice = extent - size;
  const floor = Math.floor(twice / 2);
  return twice % 2 === 1 && floor % 2 === 1 ? floor + 1 : floor;
}
