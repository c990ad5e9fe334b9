import { OptionError } from '@hybridcam/core';

/** Version of the payload; a worker of another version refuses the job rather than misread it. */
export const JOB_VERSION = 1;

/** Bounds on what a queue may ask of a worker; a shard of ours is far below them. */
export const JOB_LIMITS = { items: 256, bytes: 1 << 20, textLength: 4096 } as const;

/**
 * One shard of a run: content hashes and flags, never paths and never code. What the hashes stand for is fetched from `sources`,
 * verified and cached by the worker.
 */
export interface ShardJob {
  readonly version: typeof JOB_VERSION;
  readonly protocolHash: string;
  /** Addresses under which `/HASH` answers with the bytes of that SHA-256. */
  readonly sources: readonly string[];
  /** Hash of the model file; null for the embedded network. */
  readonly model: string | null;
  readonly modelName: string;
  /** The run's flags, as `hybridcam-bench run` takes them, without those that name files. */
  readonly flags: Readonly<Record<string, string | true>>;
  readonly items: readonly ShardItem[];
  /** Whether pictures for the report are wanted of these items. */
  readonly pictures: boolean;
}

export type ShardItem =
  | {
      readonly kind: 'file';
      readonly name: string;
      readonly sha256: string;
      readonly box?: readonly number[];
      readonly class?: number;
    }
  /** A scene is its seed and index: it is drawn where it is needed. */
  | { readonly kind: 'scene'; readonly index: number };

/** Flags that say what is computed; none of them names a file, a folder or an address. */
export const JOB_FLAGS = [
  'layer',
  'method',
  'alpha',
  'class',
  'metric',
  'metric-preset',
  'baseline',
  'score',
  'preprocess',
  'resize',
  'crop',
  'mean',
  'std',
  'channels',
  'orientation',
  'normalize',
  'seed',
  'batch',
] as const;

const HASH = /^[0-9a-f]{64}$/;

/**
 * Checks a payload from the queue, which anyone who reaches Redis can write.
 * @throws OptionError naming the field
 */
export function checkJob(payload: unknown): ShardJob {
  const job = asRecord(payload, 'job');
  if (JSON.stringify(payload).length > JOB_LIMITS.bytes)
    throw refused('job', `at most ${JOB_LIMITS.bytes} bytes`, 'more');
  if (job['version'] !== JOB_VERSION) throw refused('version', String(JOB_VERSION), job['version']);
  const sources = asList(job['sources'], 'sources', 16).map((source) => {
    const text = asText(source, 'sources');
    if (!/^https?:\/\/[^\s]+$/.test(text)) throw refused('sources', 'http or https addresses', text);
    return text.replace(/\/+$/, '');
  });
  const flags = Object.entries(asRecord(job['flags'], 'flags')).map(([name, value]) => {
    if (!(JOB_FLAGS as readonly string[]).includes(name))
      throw refused('flags', `one of ${JOB_FLAGS.join(', ')}`, name);
    return [name, asText(value, `flags.${name}`)] as const;
  });
  const model = job['model'] === null ? null : asHash(job['model'], 'model');
  return {
    version: JOB_VERSION,
    protocolHash: asText(job['protocolHash'], 'protocolHash'),
    sources,
    model,
    modelName: asText(job['modelName'], 'modelName').replace(/[^\w.-]/g, '_'),
    flags: Object.fromEntries(flags),
    items: asList(job['items'], 'items', JOB_LIMITS.items).map(checkItem),
    pictures: job['pictures'] === true,
  };
}

function checkItem(value: unknown): ShardItem {
  const item = asRecord(value, 'items');
  if (item['kind'] === 'scene') {
    const index = item['index'];
    if (!(Number.isSafeInteger(index) && (index as number) >= 0))
      throw refused('items.index', 'a whole number', index);
    return { kind: 'scene', index: index as number };
  }
  if (item['kind'] !== 'file') throw refused('items.kind', 'file or scene', item['kind']);
  const box = item['box'];
  if (box !== undefined && !(Array.isArray(box) && box.length === 4 && box.every(Number.isFinite))) {
    throw refused('items.box', 'four numbers', box);
  }
  const classIndex = item['class'];
  if (classIndex !== undefined && !(Number.isSafeInteger(classIndex) && (classIndex as number) >= 0)) {
    throw refused('items.class', 'an index', classIndex);
  }
  return {
    kind: 'file',
    name: asText(item['name'], 'items.name'),
    sha256: asHash(item['sha256'], 'items.sha256'),
    ...(box === undefined ? {} : { box: box as number[] }),
    ...(classIndex === undefined ? {} : { class: classIndex as number }),
  };
}

function asRecord(value: unknown, field: string): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw refused(field, 'an object', value);
  return value as Record<string, unknown>;
}

function asList(value: unknown, field: string, most: number): unknown[] {
  if (!Array.isArray(value) || value.length > most)
    throw refused(field, `a list of at most ${most}`, Array.isArray(value) ? value.length : value);
  return value;
}

function asText(value: unknown, field: string): string {
  if (typeof value !== 'string' || value.length > JOB_LIMITS.textLength)
    throw refused(field, 'text', typeof value);
  return value;
}

function asHash(value: unknown, field: string): string {
  const text = asText(value, field);
  if (!HASH.test(text)) throw refused(field, 'a SHA-256 in lower-case hex', text.slice(0, 80));
  return text;
}

function refused(field: string, rule: string, received: unknown): OptionError {
  return new OptionError(
    `worker: refused a job: expected ${field} to be ${rule}; received ${JSON.stringify(received)?.slice(0, 120)}.`,
  );
}
