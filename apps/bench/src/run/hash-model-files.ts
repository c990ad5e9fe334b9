import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { hashFile } from '../images/file-items.ts';

/**
 * One hash of a TensorFlow.js model.json and of the weight files that it names, which no adapter reads as one; undefined for any other
 * model, whose adapter knows its hash.
 */
export async function hashModelFiles(model: string | undefined): Promise<string | undefined> {
  if (model === undefined || !/\.json$/i.test(model)) return undefined;
  const text = await readFile(model);
  const hash = createHash('sha256').update(text);
  const { weightsManifest = [] } = JSON.parse(text.toString()) as {
    weightsManifest?: { paths?: string[] }[];
  };
  for (const file of weightsManifest.flatMap(({ paths = [] }) => paths))
    hash.update(await hashFile(path.join(path.dirname(model), file)));
  return hash.digest('hex');
}
