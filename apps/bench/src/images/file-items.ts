import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { CamError } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { type FileTruth, withTruth } from './file-truth.ts';
import { type ImageItem, type TruthKeys, truthKeys } from './image-item.ts';

/** A path to evaluate, before it is read. */
export interface ImagePath {
  readonly name: string;
  readonly path: string;
  /** What a manifest says of it; `mask` is a path. */
  readonly truth?: FileTruth & { readonly mask: string | undefined };
}

/** The file behind a path, hashed; decoding waits until its numbers are missing. @throws CamError when it cannot be read */
export async function fileItem(
  file: ImagePath,
  orientation: 'exif' | 'ignore',
  signal?: AbortSignal,
): Promise<ImageItem> {
  const truth = await fileTruthKeys(file);
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

/** @throws CamError when the mask cannot be read */
export async function fileTruthKeys({ truth }: ImagePath): Promise<TruthKeys | undefined> {
  if (!truth) return undefined;
  const { box, mask, classIndex } = truth;
  return truthKeys({
    box,
    mask: mask === undefined ? undefined : await hashFile(mask),
    class: classIndex,
  });
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
