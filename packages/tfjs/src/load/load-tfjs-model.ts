import { type AbortSignalLike, CamError, LimitError, type Model, throwIfAborted } from '@hybridcam/core';
import { type FileSource, readModelFiles } from './model-files.ts';
import { type LoadOptions, modelFromFiles } from './model-from-files.ts';

export interface LoadTfjsModelOptions extends LoadOptions {
  readonly signal?: AbortSignalLike | undefined;
}

/**
 * Loads a model.json (LayersModel or GraphModel) with its weights over HTTP and makes it explainable. What comes is bounded and
 * checked before TensorFlow.js sees it. `dispose` frees the TensorFlow.js model too.
 *
 * The recorded SHA-256 is that of model.json followed by the weight files in the manifest's order; it is undefined on a page
 * without `crypto.subtle` (plain http).
 *
 * @throws CamError of code NETWORK; ModelFormatError, LimitError; what `createTfjsModel` throws
 * @example const model = await loadTfjsModel('/models/mobilenet/model.json', { labels });
 */
export async function loadTfjsModel(url: string | URL, options: LoadTfjsModelOptions = {}): Promise<Model> {
  const { signal, ...rest } = options;
  const { files, parts } = await readModelFiles(httpSource(String(url), signal), signal);
  const name = rest.name ?? fileName(String(url));
  return modelFromFiles(files, { ...rest, name, sha256: await digest(parts), signal });
}

function httpSource(url: string, signal: AbortSignalLike | undefined): FileSource {
  const base = typeof document === 'undefined' ? undefined : document.baseURI;
  const absolute = new URL(url, base);
  return {
    model: (limit) => download(absolute, limit, signal),
    shard: (path, limit) => download(new URL(path, absolute), limit, signal),
  };
}

async function download(url: URL, limit: number, signal: AbortSignalLike | undefined): Promise<Uint8Array> {
  try {
    return await interruptible(signal, (own) => receive(url, limit, own));
  } catch (error) {
    // First, since the signal's reason may be an error of ours too.
    throwIfAborted(signal, 'loadTfjsModel');
    if (error instanceof CamError) throw error;
    throw new CamError('NETWORK', `loadTfjsModel: ${url.href} could not be fetched.`, { cause: error });
  }
}

/**
 * Rejects when the signal fires, even if the work does not end: fetch of Node 20 never answers a signal that fires in a microtask between
 * some of its own. The work gets a signal of its own, because fetch leaves its listeners on the one it is given.
 */
function interruptible<T>(
  signal: AbortSignalLike | undefined,
  work: (own: AbortSignal) => Promise<T>,
): Promise<T> {
  const own = new AbortController();
  if (!(signal instanceof AbortSignal)) return work(own.signal);
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      own.abort(signal.reason);
      reject(signal.reason);
    };
    signal.addEventListener('abort', onAbort, { once: true });
    work(own.signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', onAbort));
  });
}

async function receive(url: URL, limit: number, signal: AbortSignal): Promise<Uint8Array> {
  const response = await fetch(url, { signal });
  if (!response.ok || !response.body) {
    throw new CamError(
      'NETWORK',
      `loadTfjsModel: ${url.href} answered ${response.status} ${response.statusText}.`,
    );
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = response.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    // Counted while it comes: a length the server claims proves nothing.
    if (size > limit) {
      await reader.cancel();
      throw new LimitError(`loadTfjsModel: expected at most ${limit} bytes from ${url.href}; received more.`);
    }
    chunks.push(value);
  }
  return concatenate(chunks, size);
}

function concatenate(chunks: readonly Uint8Array[], size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, offset);
    offset += chunk.length;
  }
  return bytes;
}

/** Lower-case hex SHA-256; undefined on a page without `crypto.subtle`. */
export async function digest(parts: readonly Uint8Array[]): Promise<string | undefined> {
  if (!globalThis.crypto?.subtle) return undefined;
  const size = parts.reduce((sum, part) => sum + part.length, 0);
  const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', concatenate(parts, size)));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The folder's name where the file is called model.json, as all of them are. */
export function fileName(path: string): string {
  const segments = path
    .split(/[?#]/)[0]!
    .split(/[\\/]/)
    .filter((segment) => segment !== '');
  return (segments.at(-1) === 'model.json' ? segments.at(-2) : segments.at(-1)) ?? 'model.json';
}
