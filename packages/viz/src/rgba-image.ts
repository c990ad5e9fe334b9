import { ShapeError } from '@hybridcam/core';

/**
 * A picture: `data` is [height, width, 4] in row-major order, red, green, blue, alpha, 0 to 255, alpha not premultiplied.
 * A canvas' `ImageData` is one, and so are the image package's pictures. What we return always holds a `Uint8Array`.
 */
export interface RgbaImage {
  readonly data: Uint8Array | Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/** A colour: red, green, blue and optionally alpha, 0 to 255. */
export type Rgba = readonly [red: number, green: number, blue: number, alpha?: number];

/**
 * A picture of one colour.
 * @throws ShapeError unless `width` and `height` are positive integers
 */
export function filledImage(width: number, height: number, color: Rgba): RgbaImage {
  checkExtents(width, height, 'filledImage');
  const data = new Uint8Array(width * height * 4);
  const [red, green, blue, alpha = 255] = color;
  for (let i = 0; i < data.length; i += 4) {
    data[i] = red;
    data[i + 1] = green;
    data[i + 2] = blue;
    data[i + 3] = alpha;
  }
  return { data, width, height };
}

/** @throws ShapeError when the bytes are not width · height · 4 or an extent is not a positive integer */
export function checkImage(image: RgbaImage, where: string): void {
  checkExtents(image.width, image.height, where);
  const expected = image.width * image.height * 4;
  if (image.data.length !== expected) {
    throw new ShapeError(
      `${where}: expected ${expected} bytes for a ${image.width} × ${image.height} RGBA picture; received ${image.data.length}.`,
    );
  }
}

function checkExtents(width: number, height: number, where: string): void {
  if (!(Number.isInteger(width) && Number.isInteger(height) && width > 0 && height > 0)) {
    throw new ShapeError(
      `${where}: expected a picture at least 1 × 1 pixel in whole numbers; received ${width} × ${height}.`,
    );
  }
}
