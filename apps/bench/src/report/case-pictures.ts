import { upsample, view } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { encodePng, overlay, type RgbaImage, resizeImage } from '@hybridcam/viz';
import { centreMap, controlSeed, oracleMap, randomMap } from '../evaluation/control-map.ts';
import { decodeMap, type PictureRecord } from '../records/picture-record.ts';
import { type Html, trusted } from './html.ts';

/** Pixels of a thumbnail's side; shown at 44, so that it is sharp on a fine screen. */
const THUMB = 64;
/** What is no evidence keeps this share of its brightness. */
const DIMMED = 0.22;

/** What a run kept of an image, ready to be drawn. */
export interface CasePictures {
  readonly picture: RgbaImage;
  /** The picture with everything dark but the evidence; undefined where none is known. */
  readonly evidence: RgbaImage | undefined;
  /** The picture under the map of a row; undefined for a row that has none. */
  map(title: string): RgbaImage | undefined;
}

/** @param seed the run's, from which random maps follow */
export async function casePictures(record: PictureRecord, seed: number): Promise<CasePictures> {
  const picture = await decodePicture(record.picture);
  const { width, height } = picture;
  const stored = record.truth?.evidence;
  const mask = stored === undefined ? undefined : await decodePicture(stored);
  const controls: Record<string, () => ReturnType<typeof centreMap> | undefined> = {
    random: () => randomMap(height, width, controlSeed(record.key, seed)),
    centre: () => centreMap(height, width),
    oracle() {
      const [rows, columns] = record.maps[0]?.shape ?? [];
      if (!mask || rows === undefined || columns === undefined) return undefined;
      const inside = Float32Array.from({ length: width * height }, (_, i) => Number(mask.data[4 * i]! > 127));
      return oracleMap(view(inside, [height, width]), [rows, columns]);
    },
  };
  return {
    picture,
    evidence: mask && spotlight(picture, mask),
    map(title) {
      const kept = record.maps.find((candidate) => candidate.title === title);
      const saliencyMap = kept
        ? upsample(view(decodeMap(kept), kept.shape), height, width)
        : Object.hasOwn(controls, title)
          ? controls[title]!()
          : undefined;
      return saliencyMap && overlay(picture, saliencyMap);
    },
  };
}

/** An image element whose meaning stands in the text beside it. */
export function pictureHtml(image: RgbaImage): Html {
  return element(image, '');
}

export function thumbHtml(image: RgbaImage): Html {
  const scale = Math.min(1, THUMB / Math.max(image.width, image.height));
  const side = (extent: number) => Math.max(1, Math.round(scale * extent));
  return element(resizeImage(image, side(image.width), side(image.height)), ' class="thumb"');
}

function element(image: RgbaImage, attributes: string): Html {
  const bytes = encodePng({ ...image, data: new Uint8Array(image.data) });
  return trusted(
    `<img src="data:image/png;base64,${Buffer.from(bytes).toString('base64')}" width="${image.width}" height="${image.height}" alt=""${attributes}>`,
  );
}

async function decodePicture(base64: string): Promise<RgbaImage> {
  return await decode(new Uint8Array(Buffer.from(base64, 'base64')));
}

function spotlight(picture: RgbaImage, mask: RgbaImage): RgbaImage {
  const data = Uint8ClampedArray.from(picture.data, (value, i) =>
    i % 4 === 3 ? value : value * (DIMMED + ((1 - DIMMED) * mask.data[i - (i % 4)]!) / 255),
  );
  return { ...picture, data };
}
