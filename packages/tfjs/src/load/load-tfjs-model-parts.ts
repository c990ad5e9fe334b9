import { CamError, LimitError, type Model, OptionError } from '@hybridcam/core';
import { digest } from './load-tfjs-model.ts';
import { type FileSource, readModelFiles } from './model-files.ts';
import { type LoadOptions, modelFromFiles } from './model-from-files.ts';

/**
 * Loads a model.json (LayersModel or GraphModel) and its weights from bytes that are there already, such as files that a visitor of a
 * page chose: by name, `model.json` first found under any name that ends in `.json`. Weights are found by the path that model.json
 * names or its last part, since a file chooser knows no folders.
 *
 * @throws CamError NOT_FOUND naming a file that is missing; ModelFormatError, LimitError; what `createTfjsModel` throws
 * @example const model = await loadTfjsModelParts(new Map([['model.json', json], ['group1-shard1of1.bin', weights]]));
 */
export async function loadTfjsModelParts(
  parts: ReadonlyMap<string, Uint8Array>,
  options: LoadOptions = {},
): Promise<Model> {
  const json = [...parts.keys()].find((name) => /\.json$/i.test(name));
  if (json === undefined) {
    throw new OptionError(
      `loadTfjsModelParts: expected a model.json; received ${[...parts.keys()].join(', ') || 'no files'}.`,
    );
  }
  const source: FileSource = {
    model: async (limit) => within(limit, json, parts.get(json)!),
    async shard(path, limit) {
      const bytes = parts.get(path) ?? parts.get(path.split('/').at(-1)!);
      if (bytes === undefined) {
        throw new CamError(
          'NOT_FOUND',
          `loadTfjsModelParts: ${json} names the weight file "${path}", which was not given. Choose it together with ${json}.`,
        );
      }
      return within(limit, path, bytes);
    },
  };
  const { files, parts: read } = await readModelFiles(source);
  return modelFromFiles(files, { ...options, name: options.name ?? json, sha256: await digest(read) });
}

function within(limit: number, name: string, bytes: Uint8Array): Uint8Array {
  if (bytes.length <= limit) return bytes;
  throw new LimitError(
    `loadTfjsModelParts: expected at most ${limit} bytes in ${name}; received ${bytes.length}.`,
  );
}
