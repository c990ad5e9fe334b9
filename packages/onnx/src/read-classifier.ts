import { type AbortSignalLike, throwIfAborted } from '@hybridcam/core';
import type { PlanStore } from './autodiff/plan-store.ts';
import type { BackwardContext, BackwardEngine } from './backward.ts';
import { indexGraph } from './graph/graph-index.ts';
import { findScores, type Scores } from './graph/scores.ts';
import { type ModelLayers, readModelLayers } from './layers/model-layers.ts';
import type { TokenOption } from './layers/tokens-of.ts';
import { findImageInput, type ImageInput } from './model-input.ts';
import type { OrtRuntime, OrtSessionOptions } from './ort.ts';
import { readOnnx } from './proto/read-onnx.ts';
import type { ExternalFiles } from './proto/tensor-values.ts';
import { assertExternalData } from './runtime/external-data.ts';
import { modelHash } from './runtime/model-hash.ts';
import { quietSessionOptions } from './runtime/quiet-session-options.ts';
import { slimModel } from './runtime/slim-model.ts';
import { type InferredValue, inferShapes } from './shapes/infer-shapes.ts';

export interface ReadClassifierOptions {
  readonly ort: OrtRuntime;
  readonly output?: string | undefined;
  readonly externalData?: ExternalFiles | undefined;
  readonly sessionOptions?: OrtSessionOptions | undefined;
  readonly engine: BackwardEngine;
  readonly tokens?: TokenOption | undefined;
  /** Hash the model too. Default false. */
  readonly hashed?: boolean | undefined;
  /** SHA-256 of the bytes, where it is known. */
  readonly sha256?: string | undefined;
  readonly plans?: PlanStore | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/** What a file tells about a classifier before it runs. */
export interface Classifier {
  readonly context: BackwardContext;
  readonly input: ImageInput;
  readonly scores: Scores;
  readonly shapes: ReadonlyMap<string, InferredValue>;
  readonly layers: ModelLayers;
  /** `modelHash`, where asked for. */
  readonly hash: Promise<string | undefined> | undefined;
}

/**
 * Reads a classifier: its image input, its scores, its layers, and the model as sessions take it.
 * @throws ModelFormatError, UnsupportedError, OptionError, CamError NOT_FOUND, as `createOnnxModel`
 */
export async function readClassifier(bytes: Uint8Array, options: ReadClassifierOptions): Promise<Classifier> {
  const { ort, engine, signal } = options;
  const files: ExternalFiles = options.externalData ?? new Map();
  const graph = indexGraph(readOnnx(bytes));
  const input = findImageInput(graph);
  const scores = findScores(graph, options.output);
  assertExternalData(graph.model, files);
  // Web Crypto hashes on a thread of its own while the sessions are made.
  const hash = options.hashed ? modelHash(options.sha256, graph.model, files) : undefined;
  hash?.catch(() => undefined);
  const shapes = await inferShapes(ort, graph, files, {
    input: input.name,
    inputShape: nominalShape(input),
    scores: scores.tensor,
  });
  throwIfAborted(signal, 'createOnnxModel');
  const sessionOptions = quietSessionOptions(options.sessionOptions);
  const slim = slimModel(graph, files);
  if (slim.externalData.length > 0) sessionOptions.externalData = slim.externalData;
  const context = {
    ort,
    graph,
    files,
    sessionBytes: slim.bytes,
    scores: scores.tensor,
    sessionOptions,
    plans: options.plans,
    fingerprint: async () => hash,
  };
  const layers = readModelLayers({ context, engine, input, shapes, tokens: options.tokens });
  return { context, input, scores, shapes, layers, hash };
}

/** Sizes the model leaves open are asked about at 224 pixels: it tells axes and channels, if not extents. */
export function nominalShape({
  layout,
  channels,
  height = 224,
  width = 224,
  batch = 1,
}: ImageInput): number[] {
  return layout === 'nchw' ? [batch, channels, height, width] : [batch, height, width, channels];
}
