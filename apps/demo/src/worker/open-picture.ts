import { OptionError } from '@hybridcam/core';
import { type Image, type Preprocessed, type Preprocessing, preprocess, resizeImage } from '@hybridcam/image';
import { decode } from '@hybridcam/image/browser';
import { exampleScenes, generateScene, type Scene } from '@hybridcam/scenes';
import type { PictureChoice, PictureFacts, TruthMask } from '../protocol.ts';
import { sampleOptions, seedOptions } from '../scene-options.ts';

export interface OpenPicture {
  readonly name: string;
  readonly image: Image;
  readonly truth: readonly TruthMask[];
}

/** Longer side of what the page shows; a phone photograph has four times as many pixels as any screen. */
const displaySide = 1024;

/** @throws CamError for a picture that cannot be decoded or is too large */
export async function openPicture(choice: PictureChoice): Promise<OpenPicture> {
  switch (choice.kind) {
    case 'sample': {
      const options = sampleOptions(choice.name);
      if (!options) {
        throw new OptionError(
          `picture: expected one of ${exampleScenes.map(({ name }) => name).join(', ')}; received "${choice.name}".`,
        );
      }
      return fromScene(choice.name, generateScene(options));
    }
    case 'seed':
      return fromScene(`scene ${choice.seed}`, generateScene(seedOptions(choice.seed)));
    case 'file':
      return { name: choice.name, image: await decode(choice.file), truth: [] };
  }
}

/** What the network makes of the picture, and what the page needs to show it. */
export async function pictureFacts(
  { name, image, truth }: OpenPicture,
  preprocessing: Preprocessing,
): Promise<{ facts: PictureFacts; prepared: Preprocessed }> {
  const prepared = preprocess(image, preprocessing);
  const shown = displayed(image);
  const pixels = new ImageData(new Uint8ClampedArray(shown.data), shown.width, shown.height);
  const { seen, geometry } = prepared;
  return {
    prepared,
    facts: {
      name,
      width: image.width,
      height: image.height,
      bitmap: await createImageBitmap(pixels),
      seen: { data: new Uint8Array(seen.data), width: seen.width, height: seen.height },
      geometry,
      truth: truth.map((part) => ({ ...part, mask: part.mask.slice() })),
    },
  };
}

/** The picture at the size in which it is drawn and saved. */
export function displayed(image: Image): Image {
  const scale = displaySide / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const side = (extent: number) => Math.max(1, Math.round(extent * scale));
  return resizeImage(image, { width: side(image.width), height: side(image.height) });
}

function fromScene(name: string, scene: Scene): OpenPicture {
  const { objects, image } = scene;
  return {
    name,
    image,
    truth: objects.map((object) => ({ name: object.name, classIndex: object.classIndex, mask: object.mask })),
  };
}
