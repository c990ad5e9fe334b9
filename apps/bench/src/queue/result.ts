import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { IntegrityError, LimitError } from '@hybridcam/core';
import { z } from 'zod';
import { canonicalJson } from '../records/canonical-json.ts';
import { firstIssue } from '../records/first-issue.ts';
import { type MetricRecord, RECORD_VERSION } from '../records/record.ts';
import type { ImageResult } from '../records/run-folder.ts';

/** The largest result of a shard, unpacked: a few hundred times one of ours. */
export const RESULT_LIMIT = 64 * 2 ** 20;

/** What the collector expects of an image: who it is, and which numbers of it were asked for. */
export interface ExpectedImage {
  readonly name: string;
  readonly sha256: string;
  /** By record key. */
  readonly records: () => ReadonlyMap<string, RecordIdentity>;
}
export type RecordIdentity = Pick<MetricRecord, 'method' | 'params' | 'layer' | 'metric' | 'preset'>;

const text = z.string().max(4096);
const version = z.literal(RECORD_VERSION);
const numbers = z.array(z.number()).max(4096);
const base64 = z.string().regex(/^[A-Za-z0-9+/]*={0,2}$/, 'expected base64');

const record = z.strictObject({
  v: version,
  key: text,
  image: text,
  sha256: text,
  class: z.int().min(0),
  p: z.number(),
  method: text,
  params: z.record(text, z.union([z.number(), text])),
  layer: text,
  metric: text,
  preset: text,
  value: z.number().nullable(),
  f0: z.number().optional(),
  f1: z.number().optional(),
  normalized: z.number().optional(),
  ties: z.number().optional(),
  flags: z.array(text).max(16),
  truth: text.optional(),
});
const imageResult = z.strictObject({
  records: z.array(record),
  curves: z.array(z.strictObject({ v: version, key: text, x: numbers, y: numbers })),
  failure: z
    .strictObject({
      v: version,
      key: text,
      image: text,
      error: z.strictObject({ code: text, message: text }),
    })
    .optional(),
  picture: z
    .strictObject({
      v: version,
      key: text,
      image: text,
      picture: base64,
      maps: z.array(z.strictObject({ title: text, shape: z.array(z.int().min(1)).max(2), data: base64 })),
      truth: z.strictObject({ class: z.int().min(0).optional(), evidence: base64.optional() }).optional(),
    })
    .optional(),
});
const shardResult = z.array(imageResult);

/** A shard's results as one string for Redis: numbers as text shrink to a fifth. @throws LimitError */
export async function packResults(results: readonly ImageResult[]): Promise<string> {
  const json = Buffer.from(JSON.stringify(results));
  if (json.length > RESULT_LIMIT)
    throw new LimitError(`expected at most ${RESULT_LIMIT} bytes of results; received ${json.length}.`);
  return (await promisify(gzip)(json, { level: 1 })).toString('base64');
}

/**
 * Checks what came back for a shard, which anyone who reaches Redis can write: exactly the images that were asked for, each with exactly
 * the numbers that were asked for or with a failure.
 * @throws IntegrityError naming the first thing that is wrong
 */
export async function unpackResults(
  packed: unknown,
  images: readonly ExpectedImage[],
): Promise<ImageResult[]> {
  const checked = shardResult.safeParse(await decodePacked(packed));
  if (!checked.success) throw refused(firstIssue(checked.error, undefined));
  const results = checked.data as ImageResult[];
  if (results.length !== images.length)
    throw refused(`${results.length} images where ${images.length} were asked for`);
  for (const [i, result] of results.entries()) {
    const wrong = mismatch(result, images[i]!);
    if (wrong !== undefined) throw refused(`${wrong} for ${images[i]!.name}`);
  }
  return results;
}

async function decodePacked(packed: unknown): Promise<unknown> {
  if (typeof packed !== 'string') throw refused('no text');
  try {
    const json = await promisify(gunzip)(Buffer.from(packed, 'base64'), { maxOutputLength: RESULT_LIMIT });
    return JSON.parse(json.toString());
  } catch (cause) {
    throw refused(`bytes that do not unpack (${(cause as Error).message})`);
  }
}

function mismatch(result: ImageResult, image: ExpectedImage): string | undefined {
  const { failure, picture, records, curves } = result;
  if (failure) {
    if (failure.image !== image.name) return 'the failure of another image';
    return records.length + curves.length > 0 ? 'numbers beside a failure' : undefined;
  }
  const expected = image.records();
  const keys = new Set(records.map(({ key }) => key));
  if (keys.size !== records.length || keys.size !== expected.size) return `${records.length} records`;
  for (const { key, image: name, sha256, method, params, layer, metric, preset } of records) {
    const identity = expected.get(key);
    const same = canonicalJson(identity) === canonicalJson({ method, params, layer, metric, preset });
    if (!same || name !== image.name || sha256 !== image.sha256) return 'a record that was not asked for';
  }
  const drawn = new Set(curves.map(({ key }) => key));
  if (drawn.size !== curves.length || curves.some(({ key, x, y }) => !keys.has(key) || x.length !== y.length))
    return 'a curve without its record';
  if (picture && (picture.key !== image.sha256 || picture.image !== image.name))
    return 'the picture of another image';
  return undefined;
}

function refused(what: string): IntegrityError {
  return new IntegrityError(`expected the results of a shard as this version writes them; received ${what}.`);
}
