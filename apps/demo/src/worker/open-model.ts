import { crossLayers, type Model, OptionError } from '@hybridcam/core';
import { createOnnxModel } from '@hybridcam/onnx';
import { loadScenesNetwork } from '@hybridcam/scenes';
import { scenesOnnxModel } from '@hybridcam/zoo/onnx';
import type { ModelChoice, ModelFacts, RuntimeWish } from '../protocol.ts';
import { onnxRuntime } from './onnx-runtime.ts';
import { openOnnxFiles } from './open-onnx-files.ts';
import { openTfjsFiles } from './open-tfjs-files.ts';
import type { FilesChoice, Opened } from './opened.ts';
import { rememberPass } from './remember-pass.ts';
import { scenesPreprocessing } from './scenes-preprocessing.ts';

export interface OpenModel {
  readonly model: Model;
  readonly facts: ModelFacts;
}

/**
 * The chosen classifier, ready to explain.
 * @throws CamError: what is wrong with the files, in a sentence for people
 */
export async function openModel(choice: ModelChoice): Promise<OpenModel> {
  const started = performance.now();
  const opened = choice.kind === 'scenes' ? await openScenes(choice.runtime) : await openFiles(choice);
  const model = rememberPass(opened.model);
  return {
    model,
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
      loadMs: performance.now() - started,
    },
  };
}

async function openScenes(wish: RuntimeWish): Promise<Opened> {
  const [network, runtime] = await Promise.all([loadScenesNetwork(), onnxRuntime(wish)]);
  const bytes = await scenesOnnxModel(network);
  const model = await createOnnxModel(bytes, {
    ort: runtime.ort,
    name: network.name,
    labels: network.classes,
    sessionOptions: { executionProviders: [runtime.provider] },
  });
  return {
    model,
    facts: {
      runtime: model.identity.runtime,
      threads: runtime.threads,
      fallback: runtime.fallback,
      labelProblem: undefined,
      preprocessing: scenesPreprocessing(network),
      preset: 'scenes',
      presetGuessed: false,
    },
  };
}

function openFiles(choice: FilesChoice): Promise<Opened> {
  const isOnnx = choice.files.some(({ name }) => /\.onnx$/i.test(name));
  const isTfjs =
    choice.files.some(({ name }) => /\.json$/i.test(name)) &&
    choice.files.some(({ name }) => /\.bin$/i.test(name));
  if (isOnnx) return openOnnxFiles(choice);
  if (isTfjs) return openTfjsFiles(choice);
  throw new OptionError(
    `model: expected an .onnx file, or a model.json with its .bin files; received ${choice.files.map(({ name }) => name).join(', ')}. ` +
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
