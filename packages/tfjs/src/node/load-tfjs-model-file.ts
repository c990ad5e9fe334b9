import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { type AbortSignalLike, CamError, LimitError, type Model, throwIfAborted } from '@hybridcam/core';
import { fileName } from '../load/load-tfjs-model.ts';
import { readModelFiles } from '../load/model-files.ts';
import { type LoadOptions, modelFromFiles } from '../load/model-from-files.ts';

export interface LoadTfjsModelFileOptions extends LoadOptions {
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * Loads a model.json (LayersModel or GraphModel) with its weights from a folder and makes it explainable; in plain Node, without
 * tfjs-node. Weight files outside the folder are refused. `dispose` frees the TensorFlow.js model too.
 *
 * The recorded SHA-256 is that of model.json followed by the weight files in the manifest's order.
 *
 * @throws CamError of code NOT_FOUND or IO; ModelFormatError, LimitError; what `createTfjsModel` throws
 * @example const model = await loadTfjsModelFile('mobilenet/model.json', { labels });
 */
export async function loadTfjsModelFile(
  file: string,
  options: LoadTfjsModelFileOptions = {},
): Promise<Model> {
  const { signal, ...rest } = options;
  const absolute = path.resolve(file);
  const folder = path.dirname(absolute);
  const { files, parts } = await readModelFiles(
    {
      model: (limit) => readFileBounded(absolute, limit, signal),
      shard: (shard, limit) => readFileBounded(path.join(folder, shard), limit, signal),
    },
    signal,
  );
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return modelFromFiles(files, {
    ...rest,
    name: rest.name ?? fileName(absolute),
    sha256: hash.digest('hex'),
    signal,
  });
}

async function readFileBounded(
  file: string,
  limit: number,
  signal: AbortSignalLike | undefined,
): Promise<Uint8Array> {
  const shown = path.basename(file);
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      if (size > limit)
        throw new LimitError(
          `loadTfjsModelFile: expected "${shown}" of at most ${limit} bytes; it has ${size}.`,
        );
      return await handle.readFile(signal instanceof AbortSignal ? { signal } : {});
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (error instanceof CamError) throw error;
    throwIfAborted(signal, 'loadTfjsModelFile');
    const { code } = error as NodeJS.ErrnoException;
    const what =
      code === 'ENOENT'
        ? `expected a file "${shown}"; there is none`
        : code === 'EISDIR'
          ? `expected a file; "${shown}" is a folder. Pass the model.json in it`
          : `"${shown}" could not be read`;
    throw new CamError(code === 'ENOENT' ? 'NOT_FOUND' : 'IO', `loadTfjsModelFile: ${what}.`, {
      cause: error,
    });
  }
}
