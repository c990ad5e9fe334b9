import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { CamError, OptionError } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { readLines } from '../records/json-lines.ts';
import type { ImageItem, Truth } from './image-item.ts';

/** A path to evaluate, before it is read. */
export interface ImagePath {
  readonly name: string;
  readonly path: string;
  readonly truth?: Truth;
}

/** The file behind a path, hashed; decoding waits until its numbers are missing. @throws CamError when it cannot be read */
export async function fileItem(
  file: ImagePath,
  orientation: 'exif' | 'ignore',
  signal?: AbortSignal,
): Promise<ImageItem> {
  return {
    name: file.name,
    sha256: await hashFile(file.path),
    async decode() {
      const image = await decode(file.path, { orientation, ...(signal ? { signal } : {}) });
      return file.truth ? { image, truth: file.truth } : { image };
    },
  };
}

/**
 * Paths of a manifest: one JSON object a line, `{"file": "cat.jpg", "box": [left, top, right, bottom], "class": 281}`; `box` and `class`
 * are optional, `file` is relative to the manifest.
 * @throws OptionError naming the line
 */
export async function manifestPaths(manifest: string): Promise<ImagePath[]> {
  const folder = path.dirname(manifest);
  const paths: ImagePath[] = [];
  let line = 0;
  for await (const entry of readLines<unknown>(manifest)) {
    line++;
    const { file, box, class: classIndex } = checkEntry(entry, `${path.basename(manifest)} line ${line}`);
    const truth: Truth | undefined = box && {
      classIndex,
      evidence: { left: box[0], top: box[1], right: box[2], bottom: box[3] },
      distractors: [],
    };
    paths.push({ name: file, path: path.resolve(folder, file), ...(truth ? { truth } : {}) });
  }
  if (paths.length === 0)
    throw new OptionError(`--images: expected lines of JSON in ${manifest}; received none.`);
  return paths;
}

interface ManifestEntry {
  readonly file: string;
  readonly box: readonly [number, number, number, number] | undefined;
  readonly class: number | undefined;
}

function checkEntry(entry: unknown, where: string): ManifestEntry {
  const {
    file,
    box,
    class: classIndex,
  } = (typeof entry === 'object' && entry !== null ? entry : {}) as Record<string, unknown>;
  if (typeof file !== 'string' || file === '')
    throw new OptionError(`${where}: expected "file", a path; received ${JSON.stringify(file)}.`);
  const isBox =
    Array.isArray(box) &&
    box.length === 4 &&
    box.every((edge) => typeof edge === 'number' && Number.isFinite(edge));
  if (box !== undefined && !isBox) {
    throw new OptionError(
      `${where}: expected "box" as [left, top, right, bottom]; received ${JSON.stringify(box)}.`,
    );
  }
  if (classIndex !== undefined && !(Number.isInteger(classIndex) && (classIndex as number) >= 0)) {
    throw new OptionError(`${where}: expected "class", an index; received ${JSON.stringify(classIndex)}.`);
  }
  return { file, box: box as ManifestEntry['box'], class: classIndex as number | undefined };
}

async function hashFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of createReadStream(file)) hash.update(chunk as Uint8Array);
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'NOT_FOUND' : 'IO';
    throw new CamError(code, `image: cannot read ${file}: ${(cause as Error).message}.`, { cause });
  }
  return hash.digest('hex');
}
