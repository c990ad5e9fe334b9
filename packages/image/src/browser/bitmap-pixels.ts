import { UnsupportedError } from '@hybridcam/core';

/** Pictures are read in squares of this side: phones limit the area of a canvas and the side of a texture. */
const tileSide = 2048;

/**
 * A bitmap's pixels as opaque RGBA. A 2D canvas stores premultiplied colours, so what is (half) transparent loses its
 * colour there; a picture with an alpha channel is read through WebGL, which keeps it.
 */
export async function bitmapPixels(
  bitmap: ImageBitmap,
  hasAlpha: boolean,
  where: string,
): Promise<Uint8Array> {
  const { width, height } = bitmap;
  const readTile = (hasAlpha && webglReader()) || canvasReader();
  const out = new Uint8Array(width * height * 4);
  for (let top = 0; top < height; top += tileSide) {
    for (let left = 0; left < width; left += tileSide) {
      const tile = {
        left,
        top,
        width: Math.min(tileSide, width - left),
        height: Math.min(tileSide, height - top),
      };
      const pixels = await readTile(bitmap, tile);
      for (let y = 0; y < tile.height; y++) {
        const row = pixels.subarray(y * tile.width * 4, (y + 1) * tile.width * 4);
        out.set(row, ((top + y) * width + left) * 4);
      }
    }
  }
  if (!makeOpaque(out) && !readTile.exactUnderAlpha) {
    throw new UnsupportedError(
      `${where}: expected WebGL, to read colours under transparency; received a browser without it. ` +
        'Save the picture without transparency.',
    );
  }
  return out;
}

interface Tile {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

interface TileReader {
  (bitmap: ImageBitmap, tile: Tile): Promise<Uint8Array | Uint8ClampedArray>;
  readonly exactUnderAlpha: boolean;
}

function canvasReader(): TileReader {
  const canvas = new OffscreenCanvas(1, 1);
  const context = canvas.getContext('2d', { willReadFrequently: true, colorSpace: 'srgb' })!;
  const read = async (bitmap: ImageBitmap, { left, top, width, height }: Tile) => {
    canvas.width = width;
    canvas.height = height;
    context.drawImage(bitmap, -left, -top);
    return context.getImageData(0, 0, width, height).data;
  };
  return Object.assign(read, { exactUnderAlpha: false });
}

function webglReader(): TileReader | undefined {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl');
  if (!gl) return undefined;
  gl.pixelStorei(gl.UNPACK_COLORSPACE_CONVERSION_WEBGL, gl.NONE);
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture());
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer());
  const read = async (bitmap: ImageBitmap, { left, top, width, height }: Tile) => {
    const part = await createImageBitmap(bitmap, left, top, width, height, {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, part);
    part.close();
    gl.framebufferTexture2D(
      gl.FRAMEBUFFER,
      gl.COLOR_ATTACHMENT0,
      gl.TEXTURE_2D,
      gl.getParameter(gl.TEXTURE_BINDING_2D),
      0,
    );
    const pixels = new Uint8Array(width * height * 4);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels;
  };
  return Object.assign(read, { exactUnderAlpha: true });
}

/** Sets every alpha to 255. @returns whether they were already */
function makeOpaque(rgba: Uint8Array): boolean {
  let opaque = true;
  for (let i = 3; i < rgba.length; i += 4) {
    if (rgba[i] !== 255) opaque = false;
    rgba[i] = 255;
  }
  return opaque;
}
