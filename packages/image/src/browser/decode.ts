import { ImageFormatError, LimitError, OptionError, throwIfAborted } from '@hybridcam/core';
import {
  assertPixelLimit,
  type DecodeOptions,
  maxFileBytes,
  resolveDecodeOptions,
} from '../decode-options.ts';
import { type ImageHeader, imageHeader } from '../header/image-header.ts';
import { withoutOrientation } from '../header/without-orientation.ts';
import type { Image } from '../image.ts';
import { imageFromRaster } from '../image-from-raster.ts';
import { bitmapPixels } from './bitmap-pixels.ts';

/**
 * Decodes a JPEG, PNG or WebP (its first frame) to RGBA with the pixels of PIL's `convert('RGB')`: the browser's decoder with
 * colour conversion and premultiplication off, orientation applied by us.
 *
 * In Chromium every byte equals Node's. Elsewhere the last bit of a JPEG is the browser's, as are CMYK and 16-bit pictures;
 * a browser that adds noise to canvases against fingerprinting adds it here too. Works on the page and in workers.
 *
 * @param source a `Blob` or `File`, or the bytes of the file
 *
 * @example
 * const image = await decode(input.files[0]);
 *
 * @throws ImageFormatError for a file that is no JPEG, PNG or WebP, is damaged or cut off
 * @throws LimitError for a picture of more than `maxPixels`, seen in its header before anything is decoded
 * @throws OptionError for an option that is not one of its values
 * @throws UnsupportedError for a transparent picture where the browser gives no WebGL to read it exactly
 * @throws AbortedError when `signal` fires
 */
export async function decode(
  source: Blob | Uint8Array | ArrayBuffer,
  options: DecodeOptions = {},
): Promise<Image> {
  const where = `decode${source instanceof File ? ` ${source.name}` : ''}`;
  const { orientation, maxPixels } = resolveDecodeOptions(options, where);
  throwIfAborted(options.signal, where);
  const bytes = await sourceBytes(source, where);
  const header = imageHeader(bytes, where);
  assertPixelLimit(header, maxPixels, where);
  throwIfAborted(options.signal, where);
  const bitmap = await decodeBitmap(bytes, header, where);
  try {
    throwIfAborted(options.signal, where);
    const data = await bitmapPixels(bitmap, header.hasAlpha, where);
    throwIfAborted(options.signal, where);
    return imageFromRaster({ data, width: bitmap.width, height: bitmap.height }, header, orientation, where);
  } finally {
    bitmap.close();
  }
}

async function sourceBytes(source: Blob | Uint8Array | ArrayBuffer, where: string): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (!(source instanceof Blob)) {
    throw new OptionError(`${where}: expected a Blob, a File or bytes; received ${typeof source}.`);
  }
  if (source.size > maxFileBytes) {
    throw new LimitError(`${where}: expected at most ${maxFileBytes} bytes; received ${source.size}.`);
  }
  return new Uint8Array(await source.arrayBuffer());
}

async function decodeBitmap(bytes: Uint8Array, header: ImageHeader, where: string): Promise<ImageBitmap> {
  // Browsers disagree about which formats' orientation they apply and how to turn that off. None is told of one.
  const parts = withoutOrientation(bytes, header.exif) as BlobPart[];
  try {
    return await createImageBitmap(new Blob(parts, { type: `image/${header.format}` }), {
      colorSpaceConversion: 'none',
      premultiplyAlpha: 'none',
    });
  } catch (cause) {
    throw new ImageFormatError(
      `${where}: expected a whole ${header.format.toUpperCase()}; received one the browser cannot decode.`,
      { cause },
    );
  }
}
