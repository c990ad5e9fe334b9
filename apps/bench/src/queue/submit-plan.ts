import { performance } from 'node:perf_hooks';
import type { Progress } from 'hybridcam/command-kit';
import type { RunPlan } from '../commands/run-plan.ts';
import { openRunFolder, type RunFolder } from '../records/run-folder.ts';
import { type ExecutedPlan, loadPlanModel, preparePlan } from '../run/execute-plan.ts';
import { itemsOfPlan } from '../run/items-of-plan.ts';
import { progressText } from '../run/progress-text.ts';
import { collectShards } from './collect.ts';
import { type ContentServer, serveContent } from './content-server.ts';
import { isWildcard, type QueueOptions } from './queue-options.ts';
import { createContentRegister, queuedModel } from './queued-content.ts';
import { jobFlags, shardsOfPlan } from './shards-of-plan.ts';
import { sourceList } from './source-list.ts';

/** As `executePlan`, but the images are evaluated by whatever workers listen on the queue; the records come back to one folder here. */
export async function submitPlan(
  plan: RunPlan,
  flags: Readonly<Record<string, string | true | undefined>>,
  queue: QueueOptions,
  progress: Progress,
  signal: AbortSignal,
): Promise<ExecutedPlan> {
  const list = await sourceList(queue.sources);
  const register = createContentRegister(list);
  progress.show('loading the model');
  const model = await loadPlanModel(plan, signal);
  let folder: RunFolder | undefined;
  let server: ContentServer | undefined;
  try {
    const { description, evaluation } = preparePlan(plan, model, {
      signal,
      keepsPictures: () => folder?.keepsPictures ?? false,
    });
    const named = await queuedModel(plan, register);
    const items = await itemsOfPlan(plan);
    folder = await openRunFolder(plan.out, description, plan.resume);
    const needsFiles = register.files.size > 0 || items.some(({ path }) => path !== undefined);
    server = needsFiles ? await serveContent(register.files, queue.serve.host, queue.serve.port) : undefined;
    // An address that means "every interface" is none that a worker could ask.
    const own = server && !isWildcard(queue.serve.host) ? [`http://${queue.serve.host}:${server.port}`] : [];
    const started = performance.now();
    const state = { done: 0, total: items.length, skipped: 0, failed: 0 };
    const shards = shardsOfPlan(
      items,
      queue.shardSize,
      { ...named, flags: jobFlags(flags), sources: [...list.sources, ...own] },
      evaluation,
      folder,
      register,
      {
        skipped: (images) => {
          state.skipped += images;
          state.done += images;
        },
        failed: (images) => {
          state.failed += images;
          state.done += images;
        },
      },
    );
    await collectShards(shards, folder, {
      queue: queue.url,
      prefix: queue.prefix,
      inFlight: queue.inFlight,
      signal,
      onProgress: ({ images, failed, workers, connected }) => {
        state.done += images;
        state.failed += failed;
        const name = connected ? workersText(workers) : 'Redis does not answer, waiting';
        progress.show(progressText({ ...state, name }, performance.now() - started));
      },
    });
    return { description, failed: state.failed };
  } finally {
    await server?.close();
    await folder?.close();
    await model.dispose();
  }
}

function workersText(workers: number): string {
  if (workers === 0) return 'no worker yet: start hybridcam-bench worker';
  return workers === 1 ? '1 worker' : `${workers} workers`;
}
