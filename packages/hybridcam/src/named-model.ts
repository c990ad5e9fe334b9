import { didYouMean, OptionError } from '@hybridcam/core';
import type { PreprocessingOptions } from '@hybridcam/image';
import type { Network, Parameters } from '@hybridcam/zoo';
import type { OnProgress } from '@hybridcam/zoo/node';

/** A model that is known by name: no file, no labels and no preprocessing need to be given. */
export interface NamedModel {
  /** The architecture and its weights, from which either runtime's model is built. */
  readonly network: Network;
  readonly parameters: Parameters;
  readonly labels: readonly string[];
  readonly preprocessing: PreprocessingOptions;
  /** Of the checkpoint it was built from; undefined for what comes with the package. */
  readonly weights: WeightsFacts | undefined;
}

/** Which weights a named model was built from, for the record. */
export interface WeightsFacts {
  readonly sha256: string;
  /** Whether that is the file its authors publish; false for a file of the caller's. */
  readonly verified: boolean;
}

export interface NamedModelOptions {
  /** A local checkpoint, `.pth` or safetensors, instead of the published one. */
  readonly weights?: string | undefined;
  /** Take the checkpoint from a cache or fail; never from the network. */
  readonly offline?: boolean | undefined;
  readonly onProgress?: OnProgress | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The small network that comes with the package. */
const SCENES = 'scenes';

/** What `loadModel` and `--model` take in place of a file. */
export async function modelNames(): Promise<readonly string[]> {
  const { zoo } = await import('@hybridcam/zoo');
  return [SCENES, ...Object.keys(zoo)];
}

/** Whether a source can be a name at all: without folder and extension. Spares the import where it cannot. */
export function looksLikeName(source: string): boolean {
  return /^[a-z][a-z0-9_-]*$/.test(source);
}

/**
 * The model of a name; undefined for anything that is no name. `scenes` comes with the package and knows the classes of
 * `@hybridcam/scenes`; the others are torchvision's networks, built from their published checkpoints, which are fetched once.
 *
 * @throws what `loadCheckpoint` of `@hybridcam/zoo/node` throws; OptionError for weights of `scenes`
 */
export async function namedModel(
  name: string,
  options: NamedModelOptions = {},
): Promise<NamedModel | undefined> {
  if (!looksLikeName(name)) return undefined;
  if (name === SCENES) {
    if (options.weights === undefined) return scenesModel();
    throw new OptionError(
      `loadModel: expected no weights for ${SCENES}, which brings its own; received "${options.weights}".`,
    );
  }
  return (await modelNames()).includes(name) ? zooModel(name, options) : undefined;
}

/** For an error about a file that is not there: the names that might have been meant. */
export async function nameHint(source: string): Promise<string> {
  if (!looksLikeName(source)) return '';
  const names = await modelNames();
  return didYouMean(source, names) || ` Models known by name are ${names.join(', ')}.`;
}

/** Weights are an option of models known by name: the rest bring their own. */
export function weightsWithoutName(weights: string, source: string | URL | Uint8Array): OptionError {
  const what = source instanceof Uint8Array ? 'bytes' : `"${source}"`;
  return new OptionError(
    `loadModel: expected weights only for a model known by name; received "${weights}" for ${what}.`,
  );
}

async function scenesModel(): Promise<NamedModel> {
  const { loadScenesNetwork } = await import('@hybridcam/scenes');
  const network = await loadScenesNetwork();
  const { height, width } = network.input;
  return {
    network,
    parameters: network.parameters,
    labels: network.classes,
    preprocessing: {
      preset: 'torchvision',
      resize: { mode: 'shorter-side', size: Math.min(height, width) },
      crop: { mode: 'center', size: [height, width] },
      mean: network.mean,
      std: network.std,
    },
    weights: undefined,
  };
}

async function zooModel(name: string, options: NamedModelOptions): Promise<NamedModel> {
  const [{ zooEntry }, { loadCheckpoint }] = await Promise.all([
    import('@hybridcam/zoo'),
    import('@hybridcam/zoo/node'),
  ]);
  const { weights, offline, onProgress, signal } = options;
  const { parameters, sha256, verified } = await loadCheckpoint(name, {
    ...(weights === undefined ? {} : { weights }),
    ...(offline ? { offline } : {}),
    ...(onProgress === undefined ? {} : { onProgress }),
    ...(signal === undefined ? {} : { signal }),
  });
  const entry = zooEntry(name);
  return {
    network: entry.network(),
    parameters,
    labels: entry.classes,
    preprocessing: { preset: entry.preprocessing },
    weights: { sha256, verified },
  };
}
