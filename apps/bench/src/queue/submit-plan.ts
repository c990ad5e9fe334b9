import { performance } from 'node:perf_hooks';
import { CamError, OptionError } from '@hybridcam/core';
import type { Progress } from 'hybridcam/command-kit';
import type { RunPlan } from '../commands/run-plan.ts';
import { contentKey } from '../records/canonical-json.ts';
import { RECORD_VERSION } from '../records/record.ts';
import { openRunFolder, type RunFolder } from '../records/run-folder.ts';
import { type ExecutedPlan, loadPlanModel, preparePlan } from '../run/execute-plan.ts';
import { itemsOfPlan } from '../run/items-of-plan.ts';
import { progressText } from '../run/progress-text.ts';
import { collectShards } from './collect.ts';
import { type ContentServer, serveContent } from './content-server.ts';
import { type QueuedItem, shardsOf } from './shards-of-plan.ts';

export interface QueueOptions {
  readonly url: string;
  readonly prefix: string;
  /** Where this process serves model and images by hash; workers must reach it. */
  readonly serve: { readonly host: string; readonly port: number };
  /** Further addresses of the same content, asked first. */
  readonly sources: readonly string[];
  readonly shardSize: number;
  readonly inFlight: number;
}

/** As `executePlan`, but the images are evaluated by whatever workers listen on the queue; the records come back to one folder here. */
export async function submitPlan(
  plan: RunPlan,
  flags: Readonly<Record<string, string | true | undefined>>,
  queue: QueueOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<ExecutedPlan> {
  progress.show('loading the model');
  const model = await loadPlanModel(plan, signal);
  let folder: RunFolder | undefined;
  let server: ContentServer | undefined;
  try {
    const prepared = preparePlan(plan, model, {
      signal,
      keepsPictures: () => folder?.keepsPictures ?? false,
    });
    const { description } = prepared;
    folder = await openRunFolder(plan.out, description, plan.resume);
    const files = new Map<string, string>();
    const sha256 =
      plan.model === undefined || plan.model === 'scenes' ? null : (model.identity.sha256 ?? null);
    if (plan.model !== undefined && sha256 !== null) files.set(sha256, plan.model);
    const items = await queuedItems(plan, files, folder, description.protocolHash, progress, signal);
    server = files.size > 0 ? await serveContent(files, queue.serve.host, queue.serve.port) : undefined;
    const own = server ? [`http://${queue.serve.host}:${server.port}`] : [];
    const shards = shardsOf(items.queued, folder, {
      prepared,
      flags,
      model: { sha256, name: model.identity.name },
      sources: [...queue.sources, ...own],
      size: queue.shardSize,
    });
    const started = performance.now();
    let done = 0;
    const lost = await collectShards(shards, folder, {
      queue: queue.url,
      prefix: queue.prefix,
      inFlight: queue.inFlight,
      signal,
      onShard: ({ images, name }) => {
        done += images;
        progress.show(
          progressText(
            { done, total: items.queued.length, name, skipped: 0, failed: 0 },
            performance.now() - started,
          ),
        );
      },
    });
    return { description, failed: lost + items.failed };
  } finally {
    await server?.close();
    await folder?.close();
    await model.dispose();
  }
}

/** Hashes every image once; one that cannot be read is a row already. */
async function queuedItems(
  plan: RunPlan,
  files: Map<string, string>,
  folder: RunFolder,
  protocolHash: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<{ queued: QueuedItem[]; failed: number }> {
  const queued: QueuedItem[] = [];
  let failed = 0;
  for (const pending of await itemsOfPlan(plan)) {
    progress.show(`hashing ${pending.name}`);
    try {
      const item = await pending.open(signal);
      const scene = /^scene-(\d+)$/.exec(item.name);
      if (pending.path === undefined && scene)
        queued.push({ item, shardItem: { kind: 'scene', index: Number(scene[1]) } });
      else if (pending.path === undefined)
        throw new OptionError(`run: image ${item.name} has no file to serve.`);
      else {
        files.set(item.sha256, pending.path);
        const box = pending.box === undefined ? {} : { box: pending.box };
        const truth = pending.class === undefined ? {} : { class: pending.class };
        queued.push({
          item,
          shardItem: { kind: 'file', name: item.name, sha256: item.sha256, ...box, ...truth },
        });
      }
    } catch (error) {
      if (!(error instanceof CamError) || (error.code !== 'NOT_FOUND' && error.code !== 'IO')) throw error;
      failed++;
      const key = contentKey([protocolHash, pending.name, 'failure']);
      const failure = {
        v: RECORD_VERSION,
        key,
        image: pending.name,
        error: { code: error.code, message: error.message },
      } as const;
      await folder.add({ records: [], curves: [], failure });
    }
  }
  return { queued, failed };
}
