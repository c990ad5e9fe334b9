import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

export interface FileFacts {
  readonly bytes: number;
  readonly sha256: string;
}

/** Size and hash of a file; undefined where none can be read. */
export async function hashFile(
  file: string,
  signal?: AbortSignal,
  onBytes?: (done: number, total: number) => void,
): Promise<FileFacts | undefined> {
  const facts = await stat(file).catch(() => undefined);
  if (!facts?.isFile()) return undefined;
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(file, { highWaterMark: 1 << 20, signal })) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      onBytes?.(bytes, facts.size);
    }
  } catch (error) {
    if (signal?.aborted) throw error;
    return undefined;
  }
  return { bytes, sha256: hash.digest('hex') };
}
