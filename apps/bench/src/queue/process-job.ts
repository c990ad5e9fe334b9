import { UnsupportedError } from '@hybridcam/core';
import { decode } from '@hybridcam/image/node';
import { type LoadedModel, loadModel } from 'hybridcam';
import { parseLabels } from 'hybridcam/command-kit';
import { type RunPlan, runPlan } from '../commands/run-plan.ts';
import { evaluateImage } from '../evaluation/evaluate-image.ts';
import { withTruth } from '../images/file-truth.ts';
import { type ImageItem, truthKeys } from '../images/image-item.ts';
import { sceneItem } from '../images/scene-items.ts';
import type { Keys } from '../records/key-set.ts';
import type { ImageResult } from '../records/run-folder.ts';
import { preparePlan } from '../run/execute-plan.ts';
import type { ContentStore } from './content-store.ts';
import { checkJob, type ShardItem, type ShardJob } from './job.ts';

/** What a worker keeps between jobs. */
export interface JobContext {
  readonly content: ContentStore;
  /** By what they are made from. */
  readonly models: Map<string, Promise<LoadedModel>>;
  readonly signal: AbortSignal;
}

export interface ProcessedJob {
  /** One for each item, in order. */
  readonly results: readonly ImageResult[];
  /** Spent in the code that `run` runs too. */
  readonly evaluationMs: number;
}

/** Models a worker keeps loaded at once; a run uses one. */
const MODELS_KEPT = 2;
const NOTHING: Keys = new Set();

/**
 * Evaluates one shard exactly as `run` does. An image that cannot be decoded is a failure row; anything about the shard as a whole
 * (version, model, network) throws, and the queue tries again.
 * @throws OptionError for a payload that is not ours; UnsupportedError for one of another version or protocol; CamError NETWORK, INTEGRITY
 */
export async function processJob(payload: unknown, context: JobContext): Promise<ProcessedJob> {
  const job = checkJob(payload);
  const plan = runPlan(job.flags);
  const model = await modelOf(job, plan, context);
  const { evaluation, description } = preparePlan(plan, model, {
    signal: context.signal,
    keepsPictures: () => job.pictures,
  });
  if (description.protocolHash !== job.protocolHash) {
    throw new UnsupportedError(
      `expected protocol ${job.protocolHash}; received ${description.protocolHash} here. Submitter and worker must be of one version and run the same model.`,
    );
  }
  const results: ImageResult[] = [];
  let evaluationMs = 0;
  const items = job.items.values();
  const open = () => {
    const { value } = items.next();
    const item = value && itemOf(value, job, plan, context);
    // Met when its turn comes.
    item?.catch(() => {});
    return item;
  };
  // The next image travels while this one is evaluated.
  for (let next = open(); next; ) {
    const item = await next;
    next = open();
    const started = performance.now();
    results.push(await evaluateImage(evaluation, item, NOTHING));
    evaluationMs += performance.now() - started;
  }
  return { results, evaluationMs };
}

async function itemOf(
  item: ShardItem,
  job: ShardJob,
  plan: RunPlan,
  { content, signal }: JobContext,
): Promise<ImageItem> {
  if (item.kind === 'scene') return sceneItem(item.index, plan.seed, item.scene ?? 'single');
  // Outside `decode`, whose errors are the image's: bytes that do not come are the network's.
  const bytes = await content.read(item, job.sources, signal);
  const mask = item.mask && (await content.read(item.mask, job.sources, signal));
  const truth = truthKeys({ box: item.box, mask: item.mask?.sha256, class: item.class });
  return {
    name: item.name,
    sha256: item.sha256,
    ...(truth ? { truth } : {}),
    async decode() {
      const image = await decode(bytes, { orientation: plan.orientation, signal });
      return withTruth(image, { box: item.box, mask, classIndex: item.class }, signal);
    },
  };
}

function modelOf(
  job: ShardJob,
  plan: RunPlan,
  { content, models, signal }: JobContext,
): Promise<LoadedModel> {
  const key = JSON.stringify([job.model, job.labels?.sha256, plan.preprocessing, plan.modelOptions]);
  const known = models.get(key);
  if (known) return known;
  const loading = loadJobModel(job, plan, content, signal);
  models.set(key, loading);
  // A model that could not be fetched may come with the next attempt.
  loading.catch(() => models.delete(key));
  for (const [old, model] of models) {
    if (models.size <= MODELS_KEPT) break;
    models.delete(old);
    model.then((unused) => unused.dispose()).catch(() => {});
  }
  return loading;
}

async function loadJobModel(
  { model, labels, sources }: ShardJob,
  { preprocessing, modelOptions }: RunPlan,
  content: ContentStore,
  signal: AbortSignal,
): Promise<LoadedModel> {
  const names = labels && parseLabels(await content.read(labels, sources, signal), labels.name);
  const options = { ...modelOptions, ...(names ? { labels: names } : {}), preprocessing, signal };
  if (model.kind === 'named') return loadModel(model.name, options);
  const externalData = new Map<string, Uint8Array>();
  for (const file of model.external) externalData.set(file.name, await content.read(file, sources, signal));
  const bytes = await content.read(model, sources, signal);
  return loadModel(bytes, {
    ...options,
    name: model.name,
    ...(externalData.size > 0 ? { externalData } : {}),
  });
}
