import path from 'node:path';
import { recordKey } from '../evaluation/evaluate-image.ts';
import type { ImageItem } from '../images/image-item.ts';
import type { RunFolder } from '../records/run-folder.ts';
import type { PreparedPlan } from '../run/execute-plan.ts';
import { JOB_FLAGS, JOB_VERSION, type ShardItem, type ShardJob } from './job.ts';

/** An image with what the queue must know of it. */
export interface QueuedItem {
  readonly item: ImageItem;
  readonly shardItem: ShardItem;
}

export interface ShardOptions {
  readonly prepared: PreparedPlan;
  readonly flags: Readonly<Record<string, string | true | undefined>>;
  readonly model: { readonly sha256: string | null; readonly name: string };
  readonly sources: readonly string[];
  readonly size: number;
}

/** Shards of the images that still miss numbers, in order; those that are done cost nothing. */
export function* shardsOf(
  items: readonly QueuedItem[],
  folder: RunFolder,
  options: ShardOptions,
): Generator<ShardJob> {
  const { evaluation, description } = options.prepared;
  const missing = (item: ImageItem) =>
    evaluation.rows.some((row) =>
      evaluation.plan.metrics.some((metric) => !folder.keys.has(recordKey(evaluation, item, row, metric))),
    );
  const flags = Object.fromEntries(
    JOB_FLAGS.flatMap((name) => {
      const value = options.flags[name];
      return value === undefined ? [] : [[name, value] as const];
    }),
  );
  const shard = (queued: readonly QueuedItem[]): ShardJob => ({
    version: JOB_VERSION,
    protocolHash: description.protocolHash,
    sources: options.sources,
    model: options.model.sha256,
    modelName: path.basename(options.model.name),
    flags,
    items: queued.map(({ shardItem }) => shardItem),
    pictures: folder.keepsPictures,
  });
  let batch: QueuedItem[] = [];
  for (const queued of items) {
    if (!missing(queued.item)) continue;
    batch.push(queued);
    if (batch.length === options.size) {
      yield shard(batch);
      batch = [];
    }
  }
  if (batch.length > 0) yield shard(batch);
}
