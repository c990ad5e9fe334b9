import { ImageFormatError } from '@hybridcam/core';
import type { ImageHeader } from './header/image-header.ts';
import type { Image } from './image.ts';
import { orientImage, type Raster } from './orient-image.ts';

/**
 * The last step of every decoder: the stored raster, checked against its header, turned upright, with what happened.
 * @throws ImageFormatError when the decoder found another size than the header says
 */
export function imageFromRaster(
  raster: Raster,
  header: ImageHeader,
  orientation: 'exif' | 'ignore',
  where: string,
): Image {
  if (raster.width !== header.width || raster.height !== header.height) {
    throw new ImageFormatError(
      `${where}: expected ${header.width}×${header.height} pixels as the header says; ` +
        `received ${raster.width}×${raster.height}. The file is damaged.`,
    );
  }
  const tag = header.exif?.value ?? 1;
  const { data, width, height } = orientation === 'exif' ? orientImage(raster, tag) : raster;
  return {
    data,
    width,
    height,
    source: {
      format: header.format,
      orientation: tag,
      orientationApplied: orientation === 'exif' && tag !== 1,
      hadIccProfile: header.hasIccProfile,
      hadAlpha: header.hasAlpha,
      bitDepth: header.bitDepth,
      colorModel: header.colorModel,
    },
  };
}
