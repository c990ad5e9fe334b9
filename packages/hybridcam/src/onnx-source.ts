import { basename } from 'node:path';
import { CamError, throwIfAborted } from '@hybridcam/core';
import {
  type NamedModel,
  type NamedModelOptions,
  namedModel,
  nameHint,
  weightsWithoutName,
} from './named-model.ts';
import { filePath } from './opened-model.ts';
import { readBytes } from './read-bytes.ts';
import { readExternalFiles } from './read-external-files.ts';

/** An ONNX file in memory, wherever it comes from. */
export interface OnnxSource {
  readonly bytes: Uint8Array;
  /** For records; never a path. */
  readonly name: string;
  /** Files beside it that hold weights; undefined where there are none. */
  readonly externalData: ReadonlyMap<string, Uint8Array> | undefined;
  /** What is known with a model that is known by name. */
  readonly known: NamedModel | undefined;
}

/** The largest model file read: what one buffer of Node and one protobuf message can hold. */
const MAX_MODEL_BYTES = 2 ** 31 - 1;

/**
 * Bytes as they are; a name of `modelNames`; else a file. A file that is called like a model is reached as `./scenes`.
 * @throws CamError `NOT_FOUND` or `IO`; OptionError for weights without a name to build from; what `namedModel` throws
 */
export async function onnxSource(
  source: string | URL | Uint8Array,
  options: NamedModelOptions = {},
): Promise<OnnxSource> {
  const known = typeof source === 'string' ? await namedModel(source, options) : undefined;
  throwIfAborted(options.signal, 'loadModel');
  if (known !== undefined) {
    const { writeNetwork } = await import('@hybridcam/zoo/onnx');
    const bytes = writeNetwork(known.network, known.parameters);
    return { bytes, name: String(source), externalData: undefined, known };
  }
  if (options.weights !== undefined) throw weightsWithoutName(options.weights, source);
  if (source instanceof Uint8Array) return { bytes: source, name: 'bytes', externalData: undefined, known };
  const path = filePath(source);
  const bytes = await readModelFile(path, options.signal);
  return {
    bytes,
    name: basename(path),
    externalData: await readExternalFiles(bytes, path, options.signal),
    known,
  };
}

/** A mistyped name looks like a file that is not there: the error says both. */
async function readModelFile(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  try {
    return await readBytes(path, 'model', { maxBytes: MAX_MODEL_BYTES, signal });
  } catch (error) {
    if (!(error instanceof CamError) || error.code !== 'NOT_FOUND') throw error;
    throw new CamError('NOT_FOUND', `${error.message}${await nameHint(path)}`, { cause: error });
  }
}
