import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import { readLines } from '../records/read-lines.ts';
import type { ImagePath } from './file-items.ts';

/**
 * Paths of a manifest: one JSON object a line, `{"file": "cat.jpg", "box": [left, top, right, bottom], "class": 281}`. `box`, `class` and
 * `mask`, a picture of the same size that is white where the evidence is, are optional; `file` and `mask` are relative to the manifest.
 * @throws OptionError naming the line; what `readLines` throws
 */
export async function manifestPaths(manifest: string): Promise<ImagePath[]> {
  const folder = path.dirname(manifest);
  const paths: ImagePath[] = [];
  for await (const { value, number } of readLines(manifest, "people's")) {
    const { file, box, mask, classIndex } = checkEntry(value, `${path.basename(manifest)} line ${number}`);
    paths.push({ name: file, folder, truth: { box, mask, classIndex } });
  }
  if (paths.length === 0)
    throw new OptionError(`--images: expected lines of JSON in ${manifest}; received none.`);
  return paths;
}

interface ManifestEntry {
  readonly file: string;
  readonly box: readonly [number, number, number, number] | undefined;
  readonly mask: string | undefined;
  readonly classIndex: number | undefined;
}

/** Characters of a wrong value that a message repeats. */
const LONGEST_RECEIVED = 200;
const FIELDS = ['file', 'box', 'mask', 'class'];

function checkEntry(entry: object, where: string): ManifestEntry {
  const fields = entry as Record<string, unknown>;
  const { file, box, mask, class: classIndex } = fields;
  const refused = (what: string, received: unknown) =>
    new OptionError(
      `${where}: expected ${what}; received ${JSON.stringify(received)?.slice(0, LONGEST_RECEIVED)}.`,
    );
  const unknown = Object.keys(fields).find((name) => !FIELDS.includes(name));
  if (unknown !== undefined) throw refused(`fields ${FIELDS.join(', ')}`, unknown);
  if (typeof file !== 'string' || file === '') throw refused('"file", a path', file);
  const isBox =
    Array.isArray(box) &&
    box.length === 4 &&
    box.every((edge) => typeof edge === 'number' && Number.isFinite(edge));
  if (box !== undefined && !isBox) throw refused('"box" as [left, top, right, bottom]', box);
  if (mask !== undefined && (typeof mask !== 'string' || mask === '')) throw refused('"mask", a path', mask);
  if (box !== undefined && mask !== undefined) throw refused('"box" or "mask"', { box, mask });
  if (classIndex !== undefined && !(Number.isInteger(classIndex) && (classIndex as number) >= 0))
    throw refused('"class", an index', classIndex);
  return {
    file,
    box: box as ManifestEntry['box'],
    mask: mask as string | undefined,
    classIndex: classIndex as number | undefined,
  };
}
