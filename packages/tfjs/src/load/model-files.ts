import type { AbortSignalLike } from '@hybridcam/core';
import { LimitError, ModelFormatError, throwIfAborted } from '@hybridcam/core';
import { checkShardPath, type WeightSpec, weightBytes } from './weight-manifest.ts';

/** A model.json with its weight files, checked and in memory. */
export interface ModelFiles {
  readonly format: 'layers-model' | 'graph-model';
  readonly topology: object;
  readonly weightSpecs: readonly WeightSpec[];
  /** All weight files, in the order of the manifest. */
  readonly weightData: ArrayBuffer;
  readonly signature: object | undefined;
}

/** Where the bytes come from: a folder or a site. */
export interface FileSource {
  /** Bytes of model.json. */
  model(limit: number): Promise<Uint8Array>;
  /** Bytes of a weight file, by its path relative to model.json; at most `limit`. */
  shard(path: string, limit: number): Promise<Uint8Array>;
}

/** A topology of ten thousand layers has some 10 MB of JSON. */
export const MAX_MODEL_JSON_BYTES: number = 64 * 2 ** 20;
/** One ArrayBuffer; the wasm heap holds no more than twice that. */
export const MAX_WEIGHT_BYTES: number = 2 * 2 ** 30 - 1;

/**
 * Reads and checks model.json and the weight files it names.
 * @throws ModelFormatError where the JSON is no tfjs model, a path leaves the folder, or bytes and specs do not agree
 * @throws LimitError beyond MAX_MODEL_JSON_BYTES or MAX_WEIGHT_BYTES
 */
export async function readModelFiles(
  source: FileSource,
  signal?: AbortSignalLike,
): Promise<{ files: ModelFiles; parts: readonly Uint8Array[] }> {
  throwIfAborted(signal, 'load');
  const json = await source.model(MAX_MODEL_JSON_BYTES);
  const model = parseModel(json);
  const groups = manifestOf(model);
  const weightSpecs = groups.flatMap(({ weights }) => weights);
  const shards: Uint8Array[] = [];
  let total = 0;
  for (const path of groups.flatMap(({ paths }) => paths)) {
    throwIfAborted(signal, 'load');
    checkShardPath(path);
    const shard = await source.shard(path, MAX_WEIGHT_BYTES - total);
    total += shard.length;
    if (total > MAX_WEIGHT_BYTES) {
      throw new LimitError(
        `tfjs model: expected at most ${MAX_WEIGHT_BYTES} bytes of weights; received more.`,
      );
    }
    shards.push(shard);
  }
  throwIfAborted(signal, 'load');
  const weightData = new Uint8Array(total);
  let offset = 0;
  for (const shard of shards) {
    weightData.set(shard, offset);
    offset += shard.length;
  }
  const expected = weightBytes(weightSpecs, weightData);
  if (expected !== total) {
    throw new ModelFormatError(
      `tfjs model: expected ${expected} bytes of weights for the ${weightSpecs.length} tensors of the manifest; ` +
        `the weight files hold ${total}. A file is missing, cut off or belongs to another model.`,
    );
  }
  const topology = model['modelTopology'] as object;
  const isGraph = Array.isArray((topology as { node?: unknown }).node);
  return {
    files: {
      format: isGraph ? 'graph-model' : 'layers-model',
      topology,
      weightSpecs,
      weightData: weightData.buffer,
      signature: objectOf(model['signature']),
    },
    parts: [json, weightData],
  };
}

function parseModel(bytes: Uint8Array): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (error) {
    throw new ModelFormatError('tfjs model: expected model.json; received bytes that are no JSON.', {
      cause: error,
    });
  }
  const model = objectOf(parsed) as Record<string, unknown> | undefined;
  if (!model || !objectOf(model['modelTopology'])) {
    throw new ModelFormatError(
      'tfjs model: expected an object with modelTopology and weightsManifest; received other JSON. ' +
        'Is this the model.json that tensorflowjs wrote?',
    );
  }
  return model;
}

function manifestOf(model: Record<string, unknown>): { paths: string[]; weights: WeightSpec[] }[] {
  const manifest = model['weightsManifest'];
  const valid =
    Array.isArray(manifest) &&
    manifest.every(
      (group) =>
        Array.isArray(group?.paths) &&
        group.paths.every((path: unknown) => typeof path === 'string') &&
        Array.isArray(group.weights),
    );
  if (valid) return manifest;
  throw new ModelFormatError(
    'tfjs model: expected weightsManifest, a list of { paths, weights }; received something else.',
  );
}

function objectOf(value: unknown): object | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
}
