import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { OptionError, throwIfAborted } from '@hybridcam/core';
import { assertPixelLimit, type DecodeOptions, resolveDecodeOptions } from '../decode-options.ts';
import { imageHeader } from '../header/image-header.ts';
import type { Image } from '../image.ts';
import { imageFromRaster } from '../image-from-raster.ts';
import { readFile } from './read-file.ts';
import { sharpRaster } from './sharp-raster.ts';

/**
 * Decodes a JPEG, PNG or WebP (its first frame) to RGBA with exactly the pixels of PIL's `convert('RGB')`.
 *
 * Grey and palette become RGB, transparency is dropped (not composited), ICC profiles are ignored, EXIF orientation is
 * applied. CMYK and 16-bit pictures are converted to 8-bit RGB, outside the promise of equal pixels.
 *
 * @param source a path, a `file:` URL, or the bytes of the file
 *
 * @example
 * const image = await decode('cat.jpg');
 * image.data.length === image.width * image.height * 4; // true
 *
 * @throws CamError `NOT_FOUND` for a missing file, `IO` for a folder or an unreadable file
 * @throws ImageFormatError for a file that is no JPEG, PNG or WebP, is damaged or cut off
 * @throws LimitError for a picture of more than `maxPixels`, seen in its header before anything is decoded
 * @throws OptionError for an option that is not one of its values
 * @throws AbortedError when `signal` fires
 */
export async function decode(
  source: string | URL | Uint8Array | ArrayBuffer,
  options: DecodeOptions = {},
): Promise<Image> {
  const where = `decode${sourceName(source)}`;
  const { orientation, maxPixels } = resolveDecodeOptions(options, where);
  throwIfAborted(options.signal, where);
  const bytes = await sourceBytes(source, where);
  const header = imageHeader(bytes, where);
  assertPixelLimit(header, maxPixels, where);
  throwIfAborted(options.signal, where);
  const raster = await sharpRaster(bytes, header, where);
  throwIfAborted(options.signal, where);
  return imageFromRaster(raster, header, orientation, where);
}

async function sourceBytes(
  source: string | URL | Uint8Array | ArrayBuffer,
  where: string,
): Promise<Uint8Array> {
  if (source instanceof Uint8Array) return source;
  if (source instanceof ArrayBuffer) return new Uint8Array(source);
  if (source instanceof URL && source.protocol !== 'file:') {
    throw new OptionError(
      `${where}: expected a file: URL; received ${source.protocol}. Fetch it and pass the bytes.`,
    );
  }
  if (typeof source === 'string' || source instanceof URL) return readFile(source, where);
  throw new OptionError(`${where}: expected a path, a file: URL or bytes; received ${typeof source}.`);
}

/** The file's name for messages; never its whole path. */
function sourceName(source: unknown): string {
  if (typeof source === 'string') return ` ${basename(source)}`;
  if (source instanceof URL && source.protocol === 'file:') return ` ${basename(fileURLToPath(source))}`;
  return '';
}
