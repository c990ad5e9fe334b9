import path from 'node:path';
import { OptionError } from '@hybridcam/core';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { presetName } from '../evaluation/metric-plan.ts';
import { recordKey } from '../evaluation/record-key.ts';
import type { ImageItem } from '../images/image-item.ts';
import type { RunFolder } from '../records/run-folder.ts';
import type { PendingItem } from '../run/items-of-plan.ts';
import { unopenedRow } from '../run/unopened-row.ts';
import { withdrawStale } from '../run/withdraw-stale.ts';
import { checkJob, JOB_FLAGS, JOB_VERSION, type ShardItem, type ShardJob } from './job.ts';
import type { ContentRegister } from './queued-content.ts';
import type { ExpectedImage, RecordIdentity } from './result.ts';

/** A job, and what its results must be. */
export interface Shard {
  readonly job: ShardJob;
  /** In the order of the job's items. */
  readonly images: readonly ExpectedImage[];
}

/** What becomes of images that need no worker. */
export interface ShardEvents {
  /** Their numbers exist already. */
  skipped(images: number): void;
  /** They cannot be read here, and are rows already. */
  failed(images: number): void;
}

/**
 * Shards of the images that still miss numbers, hashed as their turn comes. An image's place decides its shard, whatever is done
 * already: a resumed run cuts the rest as the first one did and finds its jobs.
 */
export async function* shardsOfPlan(
  items: readonly PendingItem[],
  size: number,
  common: Pick<ShardJob, 'sources' | 'model' | 'labels' | 'flags'>,
  evaluation: Evaluation,
  folder: RunFolder,
  register: ContentRegister,
  events: ShardEvents,
): AsyncGenerator<Shard> {
  for (let start = 0; start < items.length; start += size) {
    const job: ShardItem[] = [];
    const images: ExpectedImage[] = [];
    for (const pending of items.slice(start, start + size)) {
      const item = await opened(pending, evaluation, folder);
      if (item === undefined) {
        events.failed(1);
        continue;
      }
      const records = () => expectedRecords(evaluation, item);
      await withdrawStale(pending, item, evaluation, folder);
      if ([...records().keys()].every((key) => folder.keys.has(key))) {
        events.skipped(1);
        continue;
      }
      job.push(await shardItem(pending, item, register));
      images.push({ name: item.name, sha256: item.sha256, records });
    }
    if (job.length === 0) continue;
    yield {
      images,
      // Checked here already: what a worker would refuse must not be sent.
      job: checkJob({
        version: JOB_VERSION,
        protocolHash: evaluation.protocolHash,
        ...common,
        items: job,
        pictures: folder.keepsPictures,
      }),
    };
  }
}

/** The flags that a job carries: those that decide what is computed. */
export function jobFlags(flags: Readonly<Record<string, string | true | undefined>>): ShardJob['flags'] {
  return Object.fromEntries(
    JOB_FLAGS.flatMap((name) => (typeof flags[name] === 'string' ? [[name, flags[name]]] : [])),
  );
}

function expectedRecords(evaluation: Evaluation, item: ImageItem): ReadonlyMap<string, RecordIdentity> {
  const { rows, plan } = evaluation;
  return new Map(
    rows.flatMap((row) =>
      plan.metrics.map((metric) => [
        recordKey(evaluation, item, row, metric),
        {
          method: row.method,
          params: row.params,
          layer: row.layer,
          metric,
          preset: presetName(plan, metric),
        },
      ]),
    ),
  );
}

/** undefined for a file that is gone or cannot be read, which is a row and no reason to stop. */
async function opened(
  pending: PendingItem,
  { protocolHash, signal }: Evaluation,
  folder: RunFolder,
): Promise<ImageItem | undefined> {
  try {
    return await pending.open(signal);
  } catch (error) {
    await folder.add(unopenedRow(pending.name, protocolHash, error));
    return undefined;
  }
}

async function shardItem(
  pending: PendingItem,
  item: ImageItem,
  register: ContentRegister,
): Promise<ShardItem> {
  if (pending.scene) {
    const { index, kind } = pending.scene;
    return { kind: 'scene', index, ...(kind === 'single' ? {} : { scene: kind }) };
  }
  if (pending.path === undefined) throw new OptionError(`run: image ${item.name} has no file to serve.`);
  const { box, mask, classIndex } = pending.truth ?? {};
  const maskHash = (await pending.facts?.())?.mask;
  return {
    kind: 'file',
    ...register.add(pending.path, item.name, item.sha256),
    ...(box === undefined ? {} : { box: [...box] as [number, number, number, number] }),
    ...(mask === undefined || maskHash === undefined
      ? {}
      : { mask: register.add(mask, path.basename(mask), maskHash) }),
    ...(classIndex === undefined ? {} : { class: classIndex }),
  };
}
