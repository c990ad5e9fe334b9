import { crossLayers, type Model, OptionError } from '@hybridcam/core';
import type { ModelChoice, ModelFacts } from '../protocol.ts';
import { openCheckpointFile } from './open-checkpoint-file.ts';
import { openOnnxFiles } from './open-onnx-files.ts';
import { openScenes } from './open-scenes.ts';
import { openTfjsFiles } from './open-tfjs-files.ts';
import { openZooModel } from './open-zoo-model.ts';
import type { Opened } from './opened.ts';
import { refusedMethods } from './refused-methods.ts';
import { rememberPass } from './remember-pass.ts';

export interface OpenModel {
  readonly model: Model;
  /** Of one pass, once one was made. */
  passMs(): number | undefined;
  readonly facts: ModelFacts;
}

/**
 * The chosen classifier, ready to explain.
 * @throws CamError: what is wrong with the files, in a sentence for people
 */
export async function openModel(choice: ModelChoice): Promise<OpenModel> {
  const started = performance.now();
  const opened = await open(choice);
  const { model, passMs } = rememberPass(opened.model);
  return {
    model,
    passMs,
    facts: {
      ...opened.facts,
      kind: choice.kind,
      name: model.identity.name,
      sha256: model.identity.sha256,
      classCount: model.classCount,
      labels: model.labels,
      layers: model.layers.map(({ name, shape, stride, gradient, blockedBy }) => ({
        name,
        shape,
        stride,
        gradient,
        blockedBy,
      })),
      defaultLayer: model.defaultLayer,
      crossLayers: crossLayersOf(model),
      refused: refusedMethods(model),
      loadMs: performance.now() - started,
    },
  };
}

function open(choice: ModelChoice): Promise<Opened> {
  if (choice.kind === 'scenes') return openScenes(choice.runtime);
  if (choice.kind === 'zoo') return openZooModel(choice);

  const checkpoint = choice.files.find(({ name }) => /\.(pth|pt|safetensors)$/i.test(name));
  if (checkpoint) return openCheckpointFile(checkpoint, choice.runtime);
  const isOnnx = choice.files.some(({ name }) => /\.onnx$/i.test(name));
  const isTfjs =
    choice.files.some(({ name }) => /\.json$/i.test(name)) &&
    choice.files.some(({ name }) => /\.bin$/i.test(name));
  if (isOnnx) return openOnnxFiles(choice);
  if (isTfjs) return openTfjsFiles(choice);
  throw new OptionError(
    `model: expected an .onnx file, a model.json with its .bin files, or the checkpoint of a named network; received ${choice.files.map(({ name }) => name).join(', ')}. ` +
      'Labels (.txt or .json) and external data may come with it.',
  );
}

function crossLayersOf(model: Model): readonly [string, string] | undefined {
  try {
    return crossLayers(model);
  } catch {
    return undefined;
  }
}
