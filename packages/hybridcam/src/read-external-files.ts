import { realpath } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { CamError, ModelFormatError } from '@hybridcam/core';
import { externalLocations, readOnnx } from '@hybridcam/onnx';
import { readBytes } from './read-bytes.ts';
import { systemErrorCode } from './system-error.ts';

/** No exporter writes more files than one per tensor; beyond this it is an attack on open files and memory. */
const MAX_EXTERNAL_FILES = 10_000;

/**
 * The files beside an ONNX model that hold its weights, by the location that the model writes; undefined where it needs none.
 *
 * A model is somebody else's file: a location may not lead out of the model's folder, by `..`, by an absolute path or by a link.
 *
 * @throws ModelFormatError for such a location; CamError `NOT_FOUND` naming the missing file
 */
export async function readExternalFiles(
  bytes: Uint8Array,
  modelPath: string,
  signal?: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Uint8Array> | undefined> {
  const locations = externalLocations(readOnnx(bytes));
  if (locations.length === 0) return undefined;
  if (locations.length > MAX_EXTERNAL_FILES) {
    throw new ModelFormatError(
      `model: expected at most ${MAX_EXTERNAL_FILES} files of external data; received ${locations.length}.`,
    );
  }
  const folder = dirname(modelPath);
  const files = new Map<string, Uint8Array>();
  for (const location of locations) files.set(location, await readExternalFile(folder, location, signal));
  return files;
}

async function readExternalFile(
  folder: string,
  location: string,
  signal: AbortSignal | undefined,
): Promise<Uint8Array> {
  const refuse = (reason: string): ModelFormatError =>
    new ModelFormatError(
      `model: expected its weights in files of its own folder; it names ${JSON.stringify(location)}, ${reason}.`,
    );
  const parts = location.split('/').filter((part) => part !== '.');
  if (location.includes('\0') || location.includes('\\') || /^([a-z]:|\/)/i.test(location)) {
    throw refuse('which is no relative path');
  }
  if (location === '' || parts.includes('..') || parts.includes('')) throw refuse('which leads out of it');
  const path = join(folder, ...parts);
  try {
    const [inside, actual] = await Promise.all([realpath(folder), realpath(path)]);
    if (!actual.startsWith(inside.endsWith(sep) ? inside : inside + sep))
      throw refuse('a link that leads out of it');
  } catch (cause) {
    if (systemErrorCode(cause) !== 'ENOENT') throw cause;
    throw new CamError(
      'NOT_FOUND',
      `model: expected its weights in "${location}" beside it; no such file. Copy it there: without it the model is an empty frame.`,
      { cause },
    );
  }
  return readBytes(path, 'model', { signal });
}
