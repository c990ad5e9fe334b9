import { realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { OptionError } from '@hybridcam/core';
import { type OnnxSource, onnxSource } from '../../onnx-source.ts';

/**
 * The model to bake. What is written must not be what is read, and must lie beside the files with the weights.
 * @throws OptionError for an `out` that cannot be; what `onnxSource` throws
 */
export async function bakeSource(
  file: string,
  out: string,
  { weights, offline }: { readonly weights?: string; readonly offline?: true },
  signal: AbortSignal,
): Promise<OnnxSource> {
  if ((await actualPath(out)) === (await actualPath(file))) {
    throw new OptionError(`bake: expected another file than the model for --out; received "${out}".`);
  }
  const source = await onnxSource(file, { weights, offline, signal });
  const [beside] = source.externalData?.keys() ?? [];
  if (beside !== undefined && (await actualFolder(out)) !== (await actualFolder(file))) {
    throw new OptionError(
      `bake: expected --out in the folder of the model, whose weights lie beside it in "${beside}"; received "${out}".`,
    );
  }
  return source;
}

async function actualPath(path: string): Promise<string> {
  return realpath(path).catch(async () => join(await actualFolder(path), basename(path)));
}

async function actualFolder(path: string): Promise<string> {
  const folder = dirname(resolve(path));
  return realpath(folder).catch(() => folder);
}
