import { readFile } from 'node:fs/promises';
import { type Model, OptionError } from '@hybridcam/core';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import { type LoadedModel, loadModel } from 'hybridcam';
import type { RunPlan } from '../commands/run-plan.ts';
import { randomisedWeights } from './randomised-weights.ts';

/** A model whose weights from the scores down to `downTo` are shuffled. */
export interface RandomisedModel {
  readonly downTo: string;
  readonly model: Model;
}

/** Shares of the weight tensors, from the scores downwards: the cascade's stages. */
export const RANDOMISED_SHARES: readonly number[] = [0.25, 0.5, 0.75, 1];

/**
 * The cascade of a model, each stage loaded beside it.
 * @throws OptionError for a model that is no ONNX file; what `randomisedWeights` throws
 */
export async function randomisedModels(
  { model, modelOptions, seed }: Pick<RunPlan, 'model' | 'modelOptions' | 'seed'>,
  { preprocessing }: LoadedModel,
  signal: AbortSignal,
): Promise<RandomisedModel[]> {
  const { runtime = 'onnx', output, tokens } = modelOptions;
  const bytes = await modelBytes(runtime === 'onnx' ? model : `${model ?? 'scenes'} on ${runtime}`);
  const models: RandomisedModel[] = [];
  try {
    for (const share of RANDOMISED_SHARES) {
      const { bytes: changed, downTo } = randomisedWeights(bytes, share, seed);
      models.push({ downTo, model: await loadModel(changed, { preprocessing, output, tokens, signal }) });
    }
  } catch (error) {
    await Promise.all(models.map(({ model }) => model.dispose()));
    throw error;
  }
  return models;
}

async function modelBytes(source: string | undefined): Promise<Uint8Array> {
  if (source === undefined || source === 'scenes') return scenesOnnxModel();
  if (!/\.onnx$/i.test(source)) {
    throw new OptionError(
      `--metric weight-randomisation: expected --model as an ONNX file, whose weights can be shuffled; received "${source}".`,
    );
  }
  return new Uint8Array(await readFile(source));
}
