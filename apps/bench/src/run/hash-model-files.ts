import { createHash } from 'node:crypto';
import path from 'node:path';
import { ModelFormatError } from '@hybridcam/core';
import { modelFile, readBytes } from 'hybridcam/command-kit';
import { hashFile } from '../images/file-items.ts';

/**
 * One hash of a TensorFlow.js model.json, or of that in a folder, and of the weight files that it names, which no adapter reads as one;
 * undefined for any other model, whose adapter knows its hash.
 */
export async function hashModelFiles(model: string | undefined): Promise<string | undefined> {
  const file = model === undefined ? '' : await modelFile(model);
  if (!/\.json$/i.test(file)) return undefined;
  const bytes = await readBytes(file, 'model');
  const hash = createHash('sha256').update(bytes);
  for (const shard of weightFiles(bytes, file))
    hash.update(await hashFile(path.join(path.dirname(file), shard)));
  return hash.digest('hex');
}

/** An adapter has read the file by now; it may have changed since. */
function weightFiles(bytes: Uint8Array, file: string): string[] {
  try {
    const { weightsManifest = [] } = JSON.parse(new TextDecoder().decode(bytes)) as {
      weightsManifest?: { paths?: string[] }[];
    };
    return weightsManifest.flatMap(({ paths = [] }) => paths);
  } catch (cause) {
    throw new ModelFormatError(`model: expected the model.json that was loaded; "${file}" has changed.`, {
      cause,
    });
  }
}
