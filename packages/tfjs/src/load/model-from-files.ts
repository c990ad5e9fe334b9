import {
  type AbortSignalLike,
  CamError,
  type Model,
  ModelFormatError,
  throwIfAborted,
} from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import { loadLayersModel } from '@tensorflow/tfjs-layers';
import { createTfjsModel, type TfjsModelOptions } from '../create-tfjs-model.ts';
import { errorSentence } from '../error-sentence.ts';
import { AS_GRAPH_MODEL } from './as-graph-model.ts';
import { forTfjsLayers } from './for-tfjs-layers.ts';
import type { JsonRecord } from './json-record.ts';
import type { ModelFiles } from './model-files.ts';

export type LoadOptions = Omit<TfjsModelOptions, 'artifacts' | 'sha256'>;

/** Builds the TensorFlow.js model and makes it explainable; it is ours, so `dispose` frees it too. */
export async function modelFromFiles(
  files: ModelFiles,
  options: LoadOptions & {
    readonly sha256: string | undefined;
    readonly signal?: AbortSignalLike | undefined;
  },
): Promise<Model> {
  const { sha256, signal, ...rest } = options;
  throwIfAborted(signal, 'load');
  const source = await build(files);
  const free = freeing(source);
  try {
    throwIfAborted(signal, 'load');
    const model = await createTfjsModel(source, {
      ...rest,
      ...(sha256 === undefined ? {} : { sha256 }),
      artifacts: { modelTopology: files.topology },
    });
    if (signal?.aborted) await model.dispose();
    throwIfAborted(signal, 'load');
    return {
      ...model,
      async dispose() {
        await model.dispose();
        free();
      },
    };
  } catch (error) {
    free();
    if (error instanceof CamError) throw error;
    // Files that build and do not run: TensorFlow.js says so only when it tries.
    const message = errorSentence(error);
    throw new ModelFormatError(
      `tfjs model: TensorFlow.js cannot run it: ${message} ${remedy(message, files.format)}`,
      { cause: error },
    );
  }
}

/** Frees the model once. TensorFlow.js 4.22 forgets the weights of a layer that is applied twice. */
function freeing(source: Awaited<ReturnType<typeof build>>): () => void {
  const weights = 'layers' in source ? source.weights.map((weight) => weight.read()) : [];
  let freed = false;
  return () => {
    if (freed) return;
    freed = true;
    source.dispose();
    tf.dispose(weights.filter((weight) => !weight.isDisposed));
  };
}

async function build(
  files: ModelFiles,
): Promise<Awaited<ReturnType<typeof loadLayersModel>> | GraphModelClass> {
  const { topology, weightSpecs } =
    files.format === 'layers-model' ? forTfjsLayers(files.topology as JsonRecord, files.weightSpecs) : files;
  const handler = tf.io.fromMemory({
    modelTopology: topology,
    weightSpecs: weightSpecs as tf.io.WeightsManifestEntry[],
    weightData: files.weightData,
    ...(files.signature
      ? { signature: files.signature as NonNullable<tf.io.ModelArtifacts['signature']> }
      : {}),
  });
  const before = tf.memory().numTensors;
  try {
    if (files.format === 'layers-model') return await loadLayersModel(handler);
    const { loadGraphModel } = await converter();
    return (await loadGraphModel(handler)) as GraphModelClass;
  } catch (error) {
    if (error instanceof CamError) throw error;
    const kept = tf.memory().numTensors - before;
    const message = errorSentence(error);
    throw new ModelFormatError(
      `tfjs model: TensorFlow.js cannot build it: ${message} ${remedy(message, files.format)}${kept > 0 ? ` (${kept} tensors stay allocated.)` : ''}`,
      { cause: error },
    );
  }
}

/** To convert again helps where the files are at fault, and not where TensorFlow.js lacks something. */
function remedy(message: string, format: ModelFiles['format']): string {
  const isUnknown = /^Unknown (layer|activation|object|op)\b/i.test(message);
  const isLacking = isUnknown || /(\bnot|n't) (yet )?(support|implement)|unsupported/i.test(message);
  if (!isLacking) return 'Convert the model again.';
  if (format === 'graph-model') {
    return 'An operation that TensorFlow.js lacks can be given to it with registerOp of @tensorflow/tfjs-converter; else change the model to do without.';
  }
  const asGraph = `What TensorFlow.js lacks needs a graph model: ${AS_GRAPH_MODEL}`;
  return isUnknown
    ? `A custom layer must be registered with tf.serialization.registerClass first. ${asGraph}`
    : asGraph;
}

type GraphModelClass = Awaited<ReturnType<typeof import('@tensorflow/tfjs-converter')['loadGraphModel']>>;

async function converter(): Promise<typeof import('@tensorflow/tfjs-converter')> {
  try {
    return await import('@tensorflow/tfjs-converter');
  } catch (error) {
    throw new CamError(
      'NOT_FOUND',
      'tfjs model: a graph model needs @tensorflow/tfjs-converter; it is not installed. Add it beside tfjs-core.',
      { cause: error },
    );
  }
}
