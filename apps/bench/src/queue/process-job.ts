import { OptionError } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import type { LoadedModel } from 'hybridcam';
import { type RunPlan, runPlan } from '../commands/run-plan.ts';
import { evaluateImage } from '../evaluation/evaluate-image.ts';
import type { ImageItem, Truth } from '../images/image-item.ts';
import { sceneItem } from '../images/scene-items.ts';
import type { ImageResult } from '../records/run-folder.ts';
import { loadPlanModel, preparePlan } from '../run/execute-plan.ts';
import type { ContentCache } from './content-cache.ts';
import { checkJob, type ShardItem, type ShardJob } from './job.ts';

/** What a worker keeps between jobs: models by hash and preprocessing, content by hash. */
export interface JobContext {
  readonly cache: ContentCache;
  readonly models: Map<string, Promise<LoadedModel>>;
  readonly signal: AbortSignal;
}

/** Models a worker keeps loaded at once; a run uses one. */
const MODELS_KEPT = 2;
const NOTHING: ReadonlySet<string> = new Set();

/**
 * Evaluates one shard exactly as `run` does. An image that cannot be decoded is a failure row; anything about the shard as a whole
 * (model, version, network) throws, and the queue tries again.
 * @throws OptionError for a payload or protocol that is not ours; CamError NETWORK
 */
export async function processJob(payload: unknown, context: JobContext): Promise<ImageResult[]> {
  const job = checkJob(payload);
  const plan = runPlan(job.flags);
  const model = await modelOf(job, plan, context);
  const { evaluation, description } = preparePlan(plan, model, {
    signal: context.signal,
    keepsPictures: () => job.pictures,
  });
  if (description.protocolHash !== job.protocolHash) {
    throw new OptionError(
      `worker: refused a job: expected protocol ${job.protocolHash}; received ${description.protocolHash} here. Submitter and worker must be of one version and run the same model.`,
    );
  }
  const results: ImageResult[] = [];
  for (const item of job.items)
    results.push(await evaluateImage(evaluation, itemOf(item, job, plan, context), NOTHING));
  return results;
}

function itemOf(item: ShardItem, job: ShardJob, plan: RunPlan, { cache, signal }: JobContext): ImageItem {
  if (item.kind === 'scene') return sceneItem(item.index, plan.seed);
  const [left, top, right, bottom] = item.box ?? [];
  const truth: Truth | undefined = item.box && {
    classIndex: item.class,
    evidence: { left: left!, top: top!, right: right!, bottom: bottom! },
    distractors: [],
  };
  return {
    name: item.name,
    sha256: item.sha256,
    async decode() {
      const path = await cache.get(item.sha256, job.sources, signal);
      const image = await decode(path, { orientation: plan.orientation, signal });
      return truth ? { image, truth } : { image };
    },
  };
}

async function modelOf(
  job: ShardJob,
  plan: RunPlan,
  { cache, models, signal }: JobContext,
): Promise<LoadedModel> {
  const key = JSON.stringify([job.model, plan.preprocessing ?? null]);
  const known = models.get(key);
  if (known) return known;
  const loading = (async () => {
    const file = job.model === null ? undefined : await cache.get(job.model, job.sources, signal);
    return loadPlanModel(plan, signal, file);
  })();
  models.set(key, loading);
  // A model that could not be fetched may come with the next attempt.
  loading.catch(() => models.delete(key));
  for (const [old, model] of models) {
    if (models.size <= MODELS_KEPT) break;
    if (old === key) continue;
    models.delete(old);
    await model.then((unused) => unused.dispose()).catch(() => {});
  }
  return loading;
}
