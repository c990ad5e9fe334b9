import { OptionError, view } from '@hybridcam/core';
import type { Image } from '@hybridcam/image';
import { decode } from '@hybridcam/image/node';
import type { DecodedItem, Truth } from './image-item.ts';

/** Where the evidence of a file is, as a manifest gives it: a box, or a picture of the same size that is bright there. */
export interface FileTruth {
  readonly box: readonly [left: number, top: number, right: number, bottom: number] | undefined;
  /** Path or bytes of the mask. */
  readonly mask: string | Uint8Array | undefined;
  readonly classIndex: number | undefined;
}

/** From here on a pixel of a mask counts as evidence: 0 and 255 survive any compression. */
const BRIGHT = 128;

/** A decoded file with what is known of it. @throws OptionError for a mask of another size; whatever decoding it throws */
export async function withTruth(
  image: Image,
  { box, mask, classIndex }: FileTruth,
  signal?: AbortSignal,
): Promise<DecodedItem> {
  if (box === undefined && mask === undefined && classIndex === undefined) return { image };
  const evidence: Truth['evidence'] = box
    ? { left: box[0], top: box[1], right: box[2], bottom: box[3] }
    : mask === undefined
      ? undefined
      : maskOf(await decode(mask, { orientation: 'ignore', ...(signal ? { signal } : {}) }), image);
  return { image, truth: { classIndex, evidence, distractors: [] } };
}

function maskOf(mask: Image, { width, height }: Image) {
  if (mask.width !== width || mask.height !== height) {
    throw new OptionError(
      `mask: expected the picture's size, ${width}×${height}; received ${mask.width}×${mask.height}.`,
    );
  }
  const inside = new Float32Array(width * height);
  for (let pixel = 0; pixel < inside.length; pixel++) {
    const [red, green, blue, alpha] = mask.data.subarray(4 * pixel, 4 * pixel + 4);
    inside[pixel] = Math.max(red!, green!, blue!) >= BRIGHT && alpha! >= BRIGHT ? 1 : 0;
  }
  return view(inside, [height, width]);
}
