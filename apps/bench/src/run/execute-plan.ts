import { performance } from 'node:perf_hooks';
import { type LoadedModel, loadModel } from 'hybridcam';
import type { Progress } from 'hybridcam/command-kit';
import { judgementOf, type RunPlan } from '../commands/run-plan.ts';
import type { Evaluation } from '../evaluation/evaluation.ts';
import { rowTitle } from '../evaluation/method-row.ts';
import { modelSubject } from '../evaluation/model-subject.ts';
import { randomisedModels } from '../evaluation/randomised-models.ts';
import { describeRun, type RunDescription } from '../records/run-description.ts';
import { openRunFolder, type RunFolder } from '../records/run-folder.ts';
import { readRun } from '../records/run-json.ts';
import { chooseBatchSize } from './choose-batch-size.ts';
import { createCostMeter } from './cost-meter.ts';
import { hashModelFiles } from './hash-model-files.ts';
import { itemsOfPlan, type PendingItem } from './items-of-plan.ts';
import { progressText } from './progress-text.ts';
import { classIndexOfPlan, rowsOfPlan } from './rows-of-plan.ts';
import { runEvaluation } from './run-evaluation.ts';

export interface ExecutedPlan {
  readonly description: RunDescription;
  readonly failed: number;
}

/** A plan that knows its model: everything an image needs to be evaluated, and the run it belongs to. */
export interface PreparedPlan {
  readonly evaluation: Evaluation;
  readonly description: RunDescription;
}

export function loadPlanModel(plan: RunPlan, signal: AbortSignal, file?: string): Promise<LoadedModel> {
  return loadModel(file ?? plan.model ?? 'scenes', {
    ...plan.modelOptions,
    ...(plan.labels === undefined ? {} : { labels: plan.labels }),
    ...(plan.preprocessing === undefined ? {} : { preprocessing: plan.preprocessing }),
    signal,
  });
}

/** @throws whatever the model cannot meet, before any image is read */
export function preparePlan(
  plan: RunPlan,
  model: LoadedModel,
  options: {
    readonly signal: AbortSignal;
    readonly keepsPictures: () => boolean;
    /** Of a model that does not know its own. */
    readonly modelHash?: string | undefined;
  },
): PreparedPlan {
  const rows = rowsOfPlan(plan, model);
  const modelHash = model.weights?.sha256 ?? options.modelHash;
  const description = describeRun(
    {
      // The hash is the model's identity; a file may have another name on another machine.
      model: { name: model.identity.name, sha256: model.identity.sha256 ?? modelHash ?? null },
      output: plan.modelOptions.output ?? null,
      tokens: plan.modelOptions.tokens ?? null,
      preprocessing: model.preprocessing,
      orientation: plan.orientation,
      class: plan.classText,
      classIndex: classIndexOfPlan(plan, model) ?? null,
      score: plan.score,
      normalize: plan.normalize,
      seed: plan.seed,
    },
    {
      images: plan.images,
      methods: rows.map(rowTitle),
      layers: [...new Set(rows.map(({ layer }) => layer))].filter((layer) => layer !== ''),
      metrics: plan.metrics.metrics,
      shard: plan.shard ? `${plan.shard.index + 1}/${plan.shard.count}` : null,
    },
    model.identity.runtime,
    judgementOf(plan),
  );
  const labels = model.labels ? { labels: model.labels } : {};
  const batch = plan.batchSize ? { batchSize: plan.batchSize } : {};
  return {
    description: { ...description, ...labels },
    evaluation: {
      model,
      preprocessing: model.preprocessing,
      subject: modelSubject(model, plan.score, { signal: options.signal, ...batch }),
      baselineScores: new Map(),
      rows,
      randomised: [],
      plan: plan.metrics,
      protocolHash: description.protocolHash,
      seed: plan.seed,
      keepsPictures: options.keepsPictures,
      signal: options.signal,
    },
  };
}

/** Loads the model, evaluates every image into the run folder, and closes everything; `also` may use the model before that. */
export async function executePlan(
  plan: RunPlan,
  progress: Progress,
  signal: AbortSignal,
  also?: (model: LoadedModel, items: readonly PendingItem[], layers: readonly string[]) => Promise<void>,
): Promise<ExecutedPlan> {
  const items = await itemsOfPlan(plan);
  progress.show('loading the model');
  const model = await loadPlanModel(plan, signal);
  try {
    let folder: RunFolder | undefined;
    // What the model cannot meet is said before anything is measured.
    rowsOfPlan(plan, model);
    const known = (await readRun(plan.out))?.batchSize;
    if (!plan.batchSize && !known) progress.show('measuring the best batch size');
    const batchSize = plan.batchSize ?? known ?? (await chooseBatchSize(model, { signal }));
    const prepared = preparePlan({ ...plan, batchSize }, model, {
      signal,
      keepsPictures: () => folder?.keepsPictures ?? false,
      modelHash: await hashModelFiles(plan.model),
    });
    const description = { ...prepared.description, batchSize };
    const randomised = plan.metrics.metrics.includes('weight-randomisation')
      ? await randomisedModels(plan, model, signal)
      : [];
    const evaluation = { ...prepared.evaluation, randomised };
    try {
      folder = await openRunFolder(plan.out, description, plan.resume);
      const started = performance.now();
      const meter = createCostMeter(folder, evaluation.subject.forwards, batchSize);
      let failed: number;
      try {
        ({ failed } = await runEvaluation(evaluation, items, folder, (state) => {
          meter.note(state.done);
          progress.show(progressText(state, performance.now() - started));
        }));
      } finally {
        await meter.close();
      }
      await also?.(model, items, description.request.layers);
      return { description, failed };
    } finally {
      await folder?.close();
      await Promise.all(randomised.map(({ model: other }) => other.dispose()));
    }
  } finally {
    await model.dispose();
  }
}
