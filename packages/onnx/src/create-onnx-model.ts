import { type AbortSignalLike, type Model, OptionError, throwIfAborted } from '@hybridcam/core';
import type { PlanStore } from './autodiff/plan-store.ts';
import { type BackwardEngine, backwardEngine } from './backward.ts';
import { type ClassifierFacts, classifierFacts } from './facts/classifier-facts.ts';
import { type FileFacts, fileFacts } from './facts/file-facts.ts';
import type { TokenOption } from './layers/tokens-of.ts';
import type { ImageInput } from './model-input.ts';
import { attentionSource } from './network/attention-source.ts';
import { noBlocks } from './network/no-blocks.ts';
import { shareSource } from './network/share-source.ts';
import { createOnnxForward } from './onnx-forward.ts';
import type { OrtRuntime, OrtSessionOptions } from './ort.ts';
import type { ExternalFiles } from './proto/tensor-values.ts';
import { nominalShape, readClassifier } from './read-classifier.ts';
import { createForwardSessions, type ForwardSessions } from './runtime/forward-sessions.ts';
import { onWebGpu } from './runtime/on-web-gpu.ts';
import { createSerialQueue } from './runtime/serial-queue.ts';

export interface OnnxModelOptions {
  /** The ONNX Runtime module to run on: `onnxruntime-node` or `onnxruntime-web`. */
  readonly ort: OrtRuntime;
  /** File or model name for records; not a path. */
  readonly name: string;
  /** One name per class. */
  readonly labels?: readonly string[] | undefined;
  /** Which output holds the class scores, where the model has several. */
  readonly output?: string | undefined;
  /** Bytes of the files in which the model keeps weights, by the names it uses. */
  readonly externalData?: ExternalFiles | undefined;
  /** Passed on to ONNX Runtime over our defaults (no spinning threads, errors only in its log). */
  readonly sessionOptions?: OrtSessionOptions | undefined;
  /**
   * How the tokens of a vision transformer make a map, for layers [batch, tokens, channels] of which the file does not tell. Default:
   * followed through the graph from the patches on.
   */
  readonly tokens?: TokenOption | undefined;
  /**
   * Keeps the plans of backward passes, such as a folder, so that the next process need not measure the model again. Default: in the memory
   * of this process only.
   */
  readonly plans?: PlanStore | undefined;
  /** SHA-256 of `bytes`, if the caller has it already. */
  readonly sha256?: string | undefined;
  /** Differentiates where a head's closed form does not apply. Default: the package's own. */
  readonly backward?: BackwardEngine | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/** A `Model` that also tells what its file is and how it was understood. */
export interface OnnxClassifier extends Model {
  readonly facts: FileFacts & ClassifierFacts;
}

/**
 * An ONNX image classifier as a `Model`: predictions, inner activations and gradients.
 *
 * The file is run as it is, with inner tensors added to its outputs and padding written so that the runtime folds it into
 * convolutions; weights are not copied. `bytes` must not change while the model lives.
 *
 * @throws ModelFormatError when the bytes are no ONNX model, saying what they look like
 * @throws UnsupportedError when it is no image classifier with one float image input, or WebGPU would compute it wrongly
 * @throws OptionError when the number of labels is not the number of classes, or several outputs could be meant
 * @throws CamError NOT_FOUND naming external data files that were not passed; RUNTIME when ONNX Runtime refuses the model
 */
export async function createOnnxModel(bytes: Uint8Array, options: OnnxModelOptions): Promise<OnnxClassifier> {
  const { ort, signal } = options;
  throwIfAborted(signal, 'createOnnxModel');
  const engine = options.backward ?? backwardEngine;
  const { context, input, scores, shapes, layers, hash } = await readClassifier(bytes, {
    ...options,
    engine,
    hashed: true,
  });
  const { graph, sessionBytes, sessionOptions } = context;
  if (onWebGpu(sessionOptions)) {
    // Other pages need not load it.
    const { checkConvolutions } = await import('./runtime/check-convolutions.ts');
    await checkConvolutions({ ort, graph, shapes, sessionOptions });
  }
  throwIfAborted(signal, 'createOnnxModel');
  const sessions = await createForwardSessions({
    ort,
    bytes: sessionBytes,
    outputs: graph.outputs.map(({ name }) => name),
    taps: [scores.tensor, ...(layers.defaultTensor === undefined ? [] : [layers.defaultTensor])],
    sessionOptions,
  });
  try {
    const extents =
      scoreExtents(shapes.get(scores.tensor)?.dims) ??
      (await probeExtents(options, input, sessions, scores.tensor));
    const classCount = extents.reduce((product, extent) => product * extent, 1);
    const { labels } = options;
    if (labels && labels.length !== classCount) {
      throw new OptionError(
        `createOnnxModel: expected one label per class, ${classCount}; received ${labels.length} labels.`,
      );
    }
    throwIfAborted(signal, 'createOnnxModel');
    const sha256 = await hash;
    throwIfAborted(signal, 'createOnnxModel');
    const queue = createSerialQueue();
    const shares = once(() => shareSource({ context, engine, input, shapes }));
    const attention = once(() =>
      attentionSource({ graph, shapes, input: input.name, scores: scores.tensor, tokens: layers.tokens }),
    );
    const { blockedBy } = attention();
    // Few networks have blocks, and a page that explains another need not load what finds them.
    const found = blockedBy === undefined ? await import('./network/block-source.ts') : undefined;
    throwIfAborted(signal, 'createOnnxModel');
    const blocks = once(() =>
      found
        ? found.blockSource({ context, engine, input: input.name, shapes, attention: attention() })
        : noBlocks(blockedBy!, attention(), context),
    );
    const forward = createOnnxForward({
      context,
      engine,
      input,
      scores,
      layers,
      sessions,
      queue,
      shares,
      attention,
      blocks,
      classCount,
      dense: extents.length > 1,
    });
    return {
      identity: { runtime: runtimeName(ort, options.sessionOptions), name: options.name, sha256 },
      input: {
        name: input.name,
        channels: input.channels,
        height: input.height,
        width: input.width,
        batch: input.batch,
      },
      classCount,
      outputShape: extents.length > 1 ? extents : undefined,
      labels,
      layers: layers.list,
      defaultLayer: layers.defaultLayer,
      resolveLayer: (name) => layers.resolve(name).layer,
      network: {
        get shares() {
          const { blockedBy, partialBy } = shares();
          return { blockedBy, partialBy };
        },
        get attention() {
          return { blockedBy: attention().blockedBy };
        },
        get blocks() {
          return { blockedBy: blocks().blockedBy };
        },
      },
      forward: forward.run,
      dispose: forward.dispose,
      facts: { ...fileFacts(graph.model), ...classifierFacts(graph, input, scores, layers) },
    };
  } catch (error) {
    await sessions.release();
    throw error;
  }
}

/** Shape of one image's scores without extents of 1, where known: of a classifier one number or none. */
function scoreExtents(dims: readonly (number | undefined)[] | undefined): number[] | undefined {
  const own = dims?.slice(1);
  if (!own || own.length === 0 || own.some((extent) => extent === undefined)) return undefined;
  return own.filter((extent) => extent !== undefined && extent !== 1) as number[];
}

/** One run on an empty image, where the runtime could not infer how many scores there are. */
async function probeExtents(
  { ort }: OnnxModelOptions,
  input: ImageInput,
  sessions: ForwardSessions,
  scores: string,
): Promise<number[]> {
  const shape = nominalShape(input);
  const size = shape.reduce((product, extent) => product * extent, 1);
  const half = input.dataType === 'float16';
  const image = half
    ? new ort.Tensor('float16', new Uint16Array(size), shape)
    : new ort.Tensor('float32', new Float32Array(size), shape);
  const values = await sessions.run({ [input.name]: image }, [scores]);
  const { dims } = values.get(scores)!;
  for (const tensor of [image, ...values.values()]) tensor.dispose();
  return scoreExtents(dims.length === 1 ? [1, ...dims] : dims) ?? [];
}

/** Found when first asked for: few who load a model ask. */
function once<T>(find: () => T): () => T {
  let found: { readonly value: T } | undefined;
  return () => {
    found ??= { value: find() };
    return found.value;
  };
}

function runtimeName({ env }: OrtRuntime, options: OrtSessionOptions | undefined): string {
  const versions = env?.versions as { common?: string; node?: string; web?: string } | undefined;
  const providers = (options?.executionProviders ?? [versions?.web ? 'wasm' : 'cpu']).map((provider) =>
    typeof provider === 'string' ? provider : provider.name,
  );
  const name = versions?.node ? 'onnxruntime-node' : versions?.web ? 'onnxruntime-web' : 'onnxruntime';
  const version = versions?.node ?? versions?.web ?? versions?.common ?? '';
  return `${name} ${version} (${providers.join(', ')})`.replace('  ', ' ');
}
