import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { AbortedError, CamError, IntegrityError } from '@hybridcam/core';
import { readCheckpoint } from '../checkpoint/read-checkpoint.ts';
import { hashText, isRecordedHash } from '../download/hash.ts';
import { checkParameters } from '../network/check-parameters.ts';
import type { Parameters } from '../network/network.ts';
import { zooEntry } from '../registry/zoo.ts';
import { type FetchCheckpointOptions, fetchCheckpoint } from './fetch-checkpoint.ts';

export interface LoadCheckpointOptions extends FetchCheckpointOptions {
  /** A local file, safetensors or `.pth`, to read instead. Its hash is not compared, its tensors are. */
  readonly weights?: string;
}

export interface LoadedCheckpoint {
  readonly parameters: Parameters;
  /** Of the file's bytes. */
  readonly sha256: string;
  /** Whether that is the published file; false for weights of the caller's. */
  readonly verified: boolean;
  readonly path: string;
}

/**
 * The parameters of a zoo model: from its published checkpoint, fetched if need be, or from a local file.
 *
 * @throws what `fetchCheckpoint` throws; CamError `NOT_FOUND` or `IO` for a local file that cannot be read
 * @throws ModelFormatError for a file of another format, or naming missing, unexpected and misshapen tensors
 * @example const { parameters } = await loadCheckpoint('resnet50', { weights: 'finetuned.safetensors' })
 */
export async function loadCheckpoint(
  name: string,
  options: LoadCheckpointOptions = {},
): Promise<LoadedCheckpoint> {
  const entry = zooEntry(name);
  const given = options.weights;
  const path = given ?? (await fetchCheckpoint(name, options)).path;
  const bytes = await read(path, options.signal);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const verified = isRecordedHash(sha256, entry.checkpoint.sha256);
  if (given === undefined && !verified) {
    throw new IntegrityError(
      `loadCheckpoint: expected ${entry.checkpoint.fileName} with sha256 ${hashText(entry.checkpoint.sha256)}; it changed to ${sha256} while it was read.`,
    );
  }
  const parameters = readCheckpoint(bytes, fileName(path));
  checkParameters(entry.network(), parameters);
  return { parameters, sha256, verified, path };
}

function fileName(path: string): string {
  return path.split(/[/\\]/).at(-1)!;
}

async function read(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    const bytes = await readFile(path, { signal });
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  } catch (cause) {
    if (signal?.aborted)
      throw new AbortedError('loadCheckpoint: aborted by the caller.', { cause: signal.reason });
    const { code } = cause as NodeJS.ErrnoException;
    const reason =
      code === 'ENOENT'
        ? 'there is no such file. Check the path'
        : code === 'EISDIR'
          ? 'it is a folder. Name the file in it'
          : cause instanceof Error
            ? cause.message
            : String(cause);
    throw new CamError(
      code === 'ENOENT' ? 'NOT_FOUND' : 'IO',
      `loadCheckpoint: expected a readable checkpoint "${path}"; ${reason}.`,
      { cause },
    );
  }
}
