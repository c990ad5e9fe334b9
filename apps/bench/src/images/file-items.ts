import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { CamError } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { type FileTruth, withTruth } from './file-truth.ts';
import { type ImageItem, type TruthFacts, truthKeys } from './image-item.ts';

/** A file to evaluate, before it is read. */
export interface ImagePath {
  /** Relative to `folder`, or a whole path. */
  readonly name: string;
  readonly folder: string;
  /** What a manifest says of it; `mask` is a path as `name` is. */
  readonly truth?: FileTruth & { readonly mask: string | undefined };
}

/** Where a file lies. Joined when it is needed: a path for each of many images would take more memory than all else that is known of them. */
export function filePath({ folder }: ImagePath, name: string): string {
  return path.isAbsolute(name) ? name : path.join(folder, name);
}

/** What a manifest says of a file, with the path of its mask. */
export function fileTruth(file: ImagePath): ImagePath['truth'] {
  const { truth } = file;
  return truth?.mask === undefined ? truth : { ...truth, mask: filePath(file, truth.mask) };
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
  const place = filePath(file, file.name);
  return {
    name: file.name,
    sha256: await hashFile(place),
    ...(truth ? { truth } : {}),
    async decode() {
      const image = await decode(place, { orientation, ...(signal ? { signal } : {}) });
      const said = fileTruth(file);
      return said ? withTruth(image, said, signal) : { image };
    },
  };
}

/** What a manifest says of a file, its mask hashed. @throws CamError when the mask cannot be read */
export async function fileFacts(file: ImagePath): Promise<TruthFacts> {
  const { box, mask, classIndex } = fileTruth(file) ?? {};
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
