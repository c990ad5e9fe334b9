import { OptionError } from '@hybridcam/core';
import { type Image, resizeImage } from '@hybridcam/image';

/** A photograph at the sizes it is drawn in; each is made once, however many overlays there are. */
export type PhotographSizes = (maxSide: number) => Image;

/**
 * The photograph with its longer side at most `maxSide`; smaller ones stay as they are. A size is made from the smallest one
 * above it that exists, so that the millions of pixels of a camera are read once.
 */
export function photographSizes(image: Image): PhotographSizes {
  const made = [image];
  return (maxSide) => {
    if (!Number.isInteger(maxSide) || maxSide < 1) {
      throw new OptionError(`overlay: expected maxSide in whole pixels; received ${maxSide}.`);
    }
    if (longer(image) <= maxSide) return image;
    const known = made.find((candidate) => longer(candidate) === maxSide);
    if (known !== undefined) return known;
    const source = made
      .filter((candidate) => longer(candidate) >= 2 * maxSide)
      .reduce((least, candidate) => (longer(candidate) < longer(least) ? candidate : least), image);
    const side = (extent: number): number => Math.max(1, Math.round((extent * maxSide) / longer(image)));
    const resized = resizeImage(source, { width: side(image.width), height: side(image.height) });
    made.push(resized);
    return resized;
  };
}

function longer({ width, height }: Image): number {
  return Math.max(width, height);
}
