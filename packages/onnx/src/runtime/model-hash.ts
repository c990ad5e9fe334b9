import type { OnnxModel } from '../proto/onnx-model.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import { writeUtf8 } from '../proto/utf8.ts';
import { externalLocations } from './external-data.ts';
import { sha256Hex } from './sha256-hex.ts';

/**
 * SHA-256 of a model with all its weights. A model in one file has the hash of that file, which anybody can check. One with weights in files
 * of their own has the hash of its own hash and of theirs, by the names the model uses, whatever else was passed and in which order.
 */
export async function modelHash(
  own: string | undefined,
  model: OnnxModel,
  files: ExternalFiles,
): Promise<string> {
  const hash = own ?? (await sha256Hex(model.bytes));
  const names = [...externalLocations(model)].sort();
  if (names.length === 0) return hash;
  const parts: (readonly [name: string, sha256: string])[] = [];
  for (const name of names) parts.push([name, await sha256Hex(files.get(name)!)]);
  return sha256Hex(writeUtf8(JSON.stringify([hash, parts])));
}
