import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  type ExplainRequest,
  type ExplainRun,
  explainMany as explainTensor,
  ShapeError,
} from '@hybridcam/core';
import { type Image, type Preprocessed, preprocess } from '@hybridcam/image';
import { decode } from '@hybridcam/image/node';
import { findLabel } from './class-choice.ts';
import { type ImageExplanation, imageExplanation } from './image-explanation.ts';
import type { LoadedModel } from './load-model.ts';
import { photographSizes } from './photograph-sizes.ts';

/** A picture: a path, a `file:` URL, the bytes of a JPEG, PNG or WebP file, or decoded pixels. */
export type ImageSourceLike = string | URL | Uint8Array | Image;

export interface ImageRun extends ExplainRun {
  /** Whether a picture is turned upright by its EXIF orientation. Default: `exif`; `ignore` with the preset `notebook`. */
  readonly orientation?: 'exif' | 'ignore';
  readonly signal?: AbortSignal | undefined;
}

export interface ImageExplainOptions extends ExplainRequest, ImageRun {}

/**
 * Shows where in a picture the evidence for a class lies.
 *
 * Default: Hybrid Grad-LayerCAM with alpha 0.7 for the predicted class, at the model's default layer.
 *
 * @throws what `decode` throws for the picture; OptionError, LayerNotFoundError, ClassNotFoundError and UnsupportedError for a
 * request that the model cannot meet; AbortedError
 * @example
 * const e = await explain(model, 'cat.jpg', { method: hybrid({ alpha: 0.7 }) });
 * await e.overlay().save('cat.png');
 */
export async function explain(
  model: LoadedModel,
  image: ImageSourceLike,
  { signal, batchSize, onProgress, orientation, ...request }: ImageExplainOptions = {},
): Promise<ImageExplanation> {
  const run = {
    signal,
    batchSize,
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(orientation === undefined ? {} : { orientation }),
  };
  const [explanation] = await explainMany(model, image, [request], run);
  return explanation!;
}

/**
 * Several explanations of one picture (methods, alphas, layers, classes) from one forward pass.
 * @throws as `explain`
 * @example const row = await explainMany(model, 'cat.jpg', [0, 0.5, 1].map((alpha) => ({ method: hybrid({ alpha }) })));
 */
export async function explainMany(
  model: LoadedModel,
  image: ImageSourceLike,
  requests: readonly ExplainRequest[],
  run: ImageRun = {},
): Promise<ImageExplanation[]> {
  const fallback = requests.some(({ preset }) => preset === 'notebook') ? 'ignore' : 'exif';
  const { orientation = fallback, signal } = run;
  const decoded = isDecoded(image) ? image : await decode(image, { orientation, signal });
  return explainDecoded(model, decoded, fileName(image), requests, run);
}

/** The part behind decoding. `onInput` is called when the network's input is ready. */
export async function explainDecoded(
  model: LoadedModel,
  image: Image,
  name: string | undefined,
  requests: readonly ExplainRequest[],
  { onInput, ...run }: ExplainRun & { readonly onInput?: () => void },
): Promise<ImageExplanation[]> {
  const prepared = prepareInput(model, image);
  onInput?.();
  const indexed = requests.map((request) => withClassIndex(request, model.labels));
  const explanations = await explainTensor(model, prepared.input, indexed, run);
  const { seen, geometry } = prepared;
  const photograph = photographSizes(image);
  const { preprocessing, weights } = model;
  const facts = { image, photograph, name, seen, geometry, preprocessing, weights };
  return explanations.map((explanation) => imageExplanation(explanation, facts));
}

/** @throws ShapeError where the preprocessing does not give the size that the model takes, with the options that would */
export function prepareInput(model: LoadedModel, image: Image): Preprocessed {
  const prepared = preprocess(image, model.preprocessing);
  const { channels, height, width } = model.input;
  const { input } = prepared.geometry;
  if (channels !== 3) {
    throw new ShapeError(
      `explain: expected a model with 3 colour channels; "${model.identity.name}" takes ${channels}. Prepare the input yourself and use explain of @hybridcam/core.`,
    );
  }
  if ((height ?? input.height) !== input.height || (width ?? input.width) !== input.width) {
    const resize = Math.round((Math.min(height!, width!) * 256) / 224);
    throw new ShapeError(
      `explain: expected an input of ${width}×${height}, the model's size; the preprocessing gives ${input.width}×${input.height}. Set resize and crop as the model was trained, for example resize ${resize} and crop ${height}.`,
    );
  }
  return prepared;
}

/** Labels as `findLabel` reads them, more generously than the mathematics does; ranks and indices are left to it. */
function withClassIndex(request: ExplainRequest, labels: readonly string[] | undefined): ExplainRequest {
  const { classIndex } = request;
  if (typeof classIndex !== 'string' || /^(top)?\d+$/.test(classIndex)) return request;
  return { ...request, classIndex: findLabel(classIndex, labels) };
}

function isDecoded(image: ImageSourceLike): image is Image {
  return typeof image === 'object' && 'width' in image && 'data' in image;
}

function fileName(image: ImageSourceLike): string | undefined {
  if (typeof image === 'string') return basename(image);
  if (image instanceof URL && image.protocol === 'file:') return basename(fileURLToPath(image));
  return undefined;
}
