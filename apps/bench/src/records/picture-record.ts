import { deflateSync } from 'node:zlib';
import { type ArrayView, pack } from '@hybridcam/core';
import { encodePng, type RgbaImage, resizeImage } from '@hybridcam/viz';
import type { RECORD_VERSION } from './record.ts';

/** What the report needs to show an image: a small picture of what the network saw, and each map at its own resolution. */
export interface PictureRecord {
  readonly v: typeof RECORD_VERSION;
  /** The image's hash. */
  readonly key: string;
  readonly image: string;
  /** PNG, base64. */
  readonly picture: string;
  readonly maps: readonly {
    readonly title: string;
    readonly shape: readonly number[];
    readonly data: string;
  }[];
  /** The true class, and where its evidence is (PNG, base64: white) on the same picture; what is known of them. */
  readonly truth?: { readonly class?: number; readonly evidence?: string } | undefined;
}

/** Pictures kept per run; beyond that the numbers go on and the gallery is drawn from these. */
export const PICTURE_LIMIT = 600;
const SIDE = 128;

export function encodePicture(seen: RgbaImage): string {
  const scale = Math.min(1, SIDE / Math.max(seen.width, seen.height));
  const small =
    scale < 1 ? resizeImage(seen, Math.round(seen.width * scale), Math.round(seen.height * scale)) : seen;
  return Buffer.from(encodePng(small, { deflate: deflateSync })).toString('base64');
}

export function encodeMap(title: string, cam: ArrayView): PictureRecord['maps'][number] {
  const data = pack(cam);
  return {
    title,
    shape: [...cam.shape],
    data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64'),
  };
}

export function decodeMap({ data }: { readonly data: string }): Float32Array {
  const bytes = Buffer.from(data, 'base64');
  return new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength));
}
