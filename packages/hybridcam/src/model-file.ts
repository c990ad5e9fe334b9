import { stat } from 'node:fs/promises';
import path from 'node:path';
import { looksLikeName, modelNames } from './named-model.ts';
import { filePath } from './opened-model.ts';

/**
 * A source as it is, or the model.json in it where it is a folder that holds one: what the converter of TensorFlow.js writes is a folder.
 * A model known by name goes before a folder of that name.
 */
export async function modelFile<Source extends string | URL | Uint8Array>(
  source: Source,
): Promise<Source | string> {
  if (source instanceof Uint8Array || (source instanceof URL && source.protocol !== 'file:')) return source;
  const file = path.join(filePath(source), 'model.json');
  if (!(await isFile(file))) return source;
  const named = typeof source === 'string' && looksLikeName(source) && (await modelNames()).includes(source);
  return named ? source : file;
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
