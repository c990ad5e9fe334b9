import { deflateSync } from 'node:zlib';
import { encodePng, type RgbaImage } from '@hybridcam/viz';
import { writeWholeFile } from './write-whole-file.ts';

/** Pixels that know how to become a file. */
export interface Picture extends RgbaImage {
  /** The bytes of a PNG file. */
  toPng(): Uint8Array;
  /**
   * Writes the PNG, whole or not at all; makes the folder when it is missing.
   * @throws CamError `IO` naming the path and the system's reason
   */
  save(path: string): Promise<void>;
}

/** `text` is stored in the PNG beside the pixels, by keyword: what the picture shows travels with it. */
export function picture(pixels: RgbaImage, text: Readonly<Record<string, string>> = {}): Picture {
  const toPng = (): Uint8Array => encodePng(pixels, { text, level: 3, deflate: deflateSync });
  return { ...pixels, toPng, save: (path) => writeWholeFile(path, toPng()) };
}
