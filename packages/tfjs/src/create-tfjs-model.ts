import './register-gradients.ts';
import { type Model, OptionError, UnsupportedError } from '@hybridcam/core';
import * as tf from '@tensorflow/tfjs-core';
import type { LayersModel } from '@tensorflow/tfjs-layers';
import { type GraphArtifacts, graphModelGraph } from './graph/graph-model-graph.ts';
import type { GraphModelLike } from './graph/graph-model-like.ts';
import { layersGraph } from './layers/layers-graph.ts';
import { tfjsModel } from './tfjs-model.ts';
import { createWeightCache } from './weight-cache.ts';

export interface TfjsModelOptions {
  /** For the record of an explanation. Default: the model's own name, `graph-model` where it has none. */
  readonly name?: string;
  /** One name per class. */
  readonly labels?: readonly string[];
  /** Lower-case hex SHA-256 of the model's bytes; `loadTfjsModel` computes it. */
  readonly sha256?: string;
  /** Which output to explain, by name or index; needed where the model has several. */
  readonly output?: string | number;
  /** The artifacts a GraphModel was loaded from: it does not show its own topology. Not used for a LayersModel. */
  readonly artifacts?: GraphArtifacts;
}

/**
 * Makes a TensorFlow.js image classifier explainable at any layer, on the backend that is active; both kinds of model,
 * and the model itself stays as it is: nothing is added to it, changed or disposed.
 *
 * @throws OptionError for what is no model, several outputs without a choice, a GraphModel without artifacts, or labels of another count
 * @throws UnsupportedError for several inputs, an input that is no float32 image, control flow, no spatial layer, no backend
 * @example
 * const model = await createTfjsModel(await tf.loadLayersModel(url), { labels });
 * const { cam } = await explain(model, input);
 */
export async function createTfjsModel(
  model: LayersModel | GraphModelLike,
  options: TfjsModelOptions = {},
): Promise<Model> {
  expectModel(model);
  await backendReady();
  const cache = createWeightCache();
  try {
    const isGraph = isGraphModel(model);
    const graph = isGraph
      ? await graphModelGraph(model, artifactsOf(options), options.output, cache)
      : layersGraph(model, options.output, cache);
    return tfjsModel(graph, cache, {
      identity: {
        runtime: `tfjs ${tf.version_core} (${tf.getBackend()})`,
        name: options.name ?? (isGraph ? 'graph-model' : model.name),
        sha256: options.sha256,
      },
      labels: options.labels,
    });
  } catch (error) {
    cache.dispose();
    throw error;
  }
}

function expectModel(model: unknown): void {
  const { layers, execute } = (model ?? {}) as { layers?: unknown; execute?: unknown };
  if (Array.isArray(layers) || typeof execute === 'function') return;
  throw new OptionError(
    `createTfjsModel: expected a LayersModel or a GraphModel; received ${model === null ? 'null' : typeof model}. ` +
      'Await tf.loadLayersModel(url) or tf.loadGraphModel(url), or use loadTfjsModel.',
  );
}

function isGraphModel(model: LayersModel | GraphModelLike): model is GraphModelLike {
  return typeof (model as Partial<GraphModelLike>).execute === 'function' && !('layers' in model);
}

function artifactsOf({ artifacts }: TfjsModelOptions): GraphArtifacts {
  if (artifacts) return artifacts;
  throw new OptionError(
    'createTfjsModel: expected the artifacts of a GraphModel, which keeps its topology to itself; received none. ' +
      'Load it with loadTfjsModel, or pass { artifacts: { modelTopology } } from its model.json.',
  );
}

/** The backend is the user's choice; we only wait for it. */
async function backendReady(): Promise<void> {
  try {
    await tf.ready();
  } catch (error) {
    throw new UnsupportedError(
      'createTfjsModel: expected a TensorFlow.js backend; none is registered or starts. ' +
        'Import one, for example @tensorflow/tfjs-backend-wasm, and call setBackend.',
      { cause: error },
    );
  }
}
