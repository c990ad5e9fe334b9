import { OptionError, UnsupportedError } from '@hybridcam/core';
import { zoo } from '@hybridcam/zoo';
import { z } from 'zod';
import { sceneKinds } from '../images/scene-items.ts';
import { firstIssue } from '../records/first-issue.ts';

/** Version of the payload; a worker of another version refuses the job rather than misread it. */
export const JOB_VERSION = 3;

/** Bounds on what a queue may ask of a worker; a shard of ours is far below them. */
export const JOB_LIMITS = {
  items: 256,
  textLength: 4096,
  externalFiles: 1024,
  methodSetting: 99_999,
} as const;

/** Flags that say what is computed; none of them names a file, a folder or an address. */
export const JOB_FLAGS = [
  'output',
  'tokens',
  'layer',
  'method',
  'alpha',
  'class',
  'metric',
  'metric-preset',
  'steps',
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

/** Models that need no file. */
export const namedModels: readonly string[] = ['scenes', ...Object.keys(zoo)];

const text = z.string().max(JOB_LIMITS.textLength);
const hash = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256 in lower-case hex');
const address = text.regex(/^https?:\/\/[^\s/][^\s]*$/, 'expected an http or https address');
const index = z.int().min(0);

/** The value counts, not how it is spelled: 1e9 has two digits. What is no number is for the flag's own reader to refuse. */
const hasSmallSettings = (methods: string): boolean =>
  [...methods.matchAll(/=([^,:=]*)/g)].every(
    ([, value]) => !(Math.abs(Number(value)) > JOB_LIMITS.methodSetting),
  );

/** Flags that become sizes of arrays: beyond these a job would be an attack on memory. */
const sizes = {
  method: text
    .refine(hasSmallSettings, `expected settings of at most ${JOB_LIMITS.methodSetting}`)
    .exactOptional(),
  resize: text.regex(/^\d{1,4}$/, 'expected a size of at most 9999').exactOptional(),
  crop: text.regex(/^\d{1,4}$/, 'expected a size of at most 9999').exactOptional(),
  steps: text.regex(/^\d{1,4}$/, 'expected at most 9999').exactOptional(),
  batch: text.regex(/^(auto|\d{1,3})$/, 'expected auto or at most 999').exactOptional(),
};

/**
 * A file by what is in it. `name` is for people, and to find it in a worker's own mount: it is compared with names, never opened. `url`
 * is where it may be fetched, if not below one of the job's sources.
 */
const content = z.strictObject({ sha256: hash, name: text, url: address.exactOptional() });

const item = z.discriminatedUnion('kind', [
  content.extend({
    kind: z.literal('file'),
    box: z.tuple([z.number(), z.number(), z.number(), z.number()]).exactOptional(),
    mask: content.exactOptional(),
    class: index.exactOptional(),
  }),
  // A scene is its seed and index: it is drawn where it is needed.
  z.strictObject({ kind: z.literal('scene'), index, scene: z.enum(sceneKinds).exactOptional() }),
]);

const model = z.discriminatedUnion('kind', [
  // Built by the worker itself, from what comes along or from a published checkpoint.
  z.strictObject({ kind: z.literal('named'), name: z.enum(namedModels) }),
  // Weights in files of their own come with the names that the model uses for them.
  content.extend({ kind: z.literal('file'), external: z.array(content).max(JOB_LIMITS.externalFiles) }),
]);

/**
 * One shard of a run: content hashes and flags, never paths and never code. What the hashes stand for is fetched from `sources`,
 * verified and cached by the worker.
 */
const shardJob = z.strictObject({
  version: z.literal(JOB_VERSION),
  protocolHash: text,
  /** Addresses below which `/HASH` answers with the bytes of that SHA-256. */
  sources: z.array(address).max(16),
  model,
  labels: content.nullable(),
  /** The run's flags, as `hybridcam-bench run` takes them, without those that name files. */
  flags: z.strictObject({
    ...(Object.fromEntries(JOB_FLAGS.map((name) => [name, text.exactOptional()])) as Record<
      (typeof JOB_FLAGS)[number],
      ReturnType<typeof text.exactOptional>
    >),
    ...sizes,
  }),
  items: z.array(item).min(1).max(JOB_LIMITS.items),
  /** Whether pictures for the report are wanted of these items. */
  pictures: z.boolean(),
});

export type ShardJob = z.infer<typeof shardJob>;
export type ShardItem = z.infer<typeof item>;
export type ShardModel = z.infer<typeof model>;
export type Content = z.infer<typeof content>;

/**
 * Checks a payload from the queue, which anyone who reaches Redis can write.
 * @throws UnsupportedError for a job of another version; OptionError naming the field that is wrong
 */
export function checkJob(payload: unknown): ShardJob {
  const version = (payload as { version?: unknown } | null | undefined)?.version;
  if (typeof version === 'number' && version !== JOB_VERSION) {
    throw new UnsupportedError(
      `expected a job of version ${JOB_VERSION}; received ${version}. Submitter and worker must be of one version.`,
    );
  }
  const checked = shardJob.safeParse(payload);
  if (checked.success) return checked.data;
  throw new OptionError(`expected a job of ours; received one with ${firstIssue(checked.error, payload)}.`);
}
