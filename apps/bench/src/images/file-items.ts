import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CamError } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { type FileTruth, withTruth } from './file-truth.ts';
import { type ImageItem, type TruthFacts, truthKeys } from './image-item.ts';

/** A path to evaluate, before it is read. */
export interface ImagePath {
  readonly name: string;
  readonly path: string;
  /** What a manifest says of it; `mask` is a path. */
  readonly truth?: FileTruth & { readonly mask: string | undefined };
}

/**
 * The file behind a path, hashed; decoding waits until its numbers are missing.
 * @param facts of that file, from `fileFacts`
 * @throws CamError when it cannot be read
 */
export async function fileItem(
  file: ImagePath,
  facts: TruthFacts,
  orientation: 'exif' | 'ignore',
  signal?: AbortSignal,
): Promise<ImageItem> {
  const truth = truthKeys(facts);
  return {
    name: file.name,
    sha256: await hashFile(file.path),
    ...(truth ? { truth } : {}),
    async decode() {
      const image = await decode(file.path, { orientation, ...(signal ? { signal } : {}) });
      return file.truth ? withTruth(image, file.truth, signal) : { image };
    },
  };
}

/** What a manifest says of a file, its mask hashed. @throws CamError when the mask cannot be read */
export async function fileFacts({ truth }: ImagePath): Promise<TruthFacts> {
  const { box, mask, classIndex } = truth ?? {};
  return { box, mask: mask === undefined ? undefined : await hashFile(mask), class: classIndex };
}

export async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'NOT_FOUND' : 'IO';
    throw new CamError(code, `image: cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
  return hash.digest('hex');
}
