import { CamError, ImageFormatError } from '@hybridcam/core';
import type { Sharp } from 'sharp';
import { cmykToRgba } from '../cmyk-to-rgba.ts';
import type { ImageHeader } from '../header/image-header.ts';
import type { Raster } from '../orient-image.ts';

/**
 * The stored raster as opaque RGBA. sharp's conveniences are off: colour management (PIL has none) and orientation (we turn
 * the pixels ourselves, the same way in every runtime). `failOn: 'error'` refuses cut-off files and wrong check sums, and
 * lets pass the harmless irregularities that PIL lets pass.
 */
export async function sharpRaster(bytes: Uint8Array, header: ImageHeader, where: string): Promise<Raster> {
  const { default: sharp } = await importSharp(where);
  const cmyk = header.colorModel === 'cmyk';
  try {
    const picture = sharp(bytes, {
      ignoreIcc: true,
      autoOrient: false,
      failOn: 'error',
      limitInputPixels: header.width * header.height,
      sequentialRead: true,
    });
    const raster = await rawBytes(cmyk ? inks(picture) : opaqueRgba(picture));
    return cmyk ? { ...raster, data: cmykToRgba(raster.data) } : raster;
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message.trim().split('\n')[0] : String(cause);
    throw new ImageFormatError(
      `${where}: expected a whole ${header.format.toUpperCase()}; received one that is damaged or cut off (${reason}).`,
      { cause },
    );
  }
}

function opaqueRgba(picture: Sharp): Sharp {
  return picture.toColourspace('srgb').removeAlpha().ensureAlpha();
}

function inks(picture: Sharp): Sharp {
  return picture.pipelineColourspace('cmyk').toColourspace('cmyk');
}

async function rawBytes(picture: Sharp): Promise<Raster> {
  const { data, info } = await picture.raw({ depth: 'uchar' }).toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`${info.channels} channels`);
  return {
    data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    width: info.width,
    height: info.height,
  };
}

/** Imported when the first picture is decoded, so that a missing native build is an error one can catch. */
async function importSharp(where: string): Promise<typeof import('sharp')> {
  try {
    return await import('sharp');
  } catch (cause) {
    throw new CamError(
      'RUNTIME',
      `${where}: expected sharp to load; received an error from it. Reinstall with optional dependencies enabled.`,
      { cause },
    );
  }
}
