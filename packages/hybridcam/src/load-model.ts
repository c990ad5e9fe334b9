import { type Model, type ModelInput, OptionError, throwIfAborted } from '@hybridcam/core';
import {
  type Preprocessing,
  type PreprocessingOptions,
  type PresetName,
  resolvePreprocessing,
  withInputSize,
} from '@hybridcam/image';
import type { PlanStore, TokenOption } from '@hybridcam/onnx';
import type { OnProgress } from '@hybridcam/zoo/node';
import { checkLabelCount, readLabels } from './labels.ts';
import { modelFile } from './model-file.ts';
import type { WeightsFacts } from './named-model.ts';
import { openOnnxModel } from './open-onnx-model.ts';
import { openTfjsModel } from './open-tfjs-model.ts';
import type { OpenedModel } from './opened-model.ts';
import type { TfjsDevice } from './start-tfjs-device.ts';

/** A model that also knows how pictures become its input. */
export interface LoadedModel extends Model {
  readonly preprocessing: Preprocessing;
  /** Of the checkpoint that a model known by name was built from. */
  readonly weights?: WeightsFacts | undefined;
}

/** Which library runs the model. */
export type Runtime = (typeof runtimes)[number];
export const runtimes = ['onnx', 'tfjs'] as const;

export interface LoadModelOptions {
  /** One name per class: a file (`readLabels` says which forms) or the names. Default: none. */
  readonly labels?: string | readonly string[] | undefined;
  /**
   * How pictures become the model's input: a preset's name, or a preset with changes. Default: `torchvision`; of a model known by
   * name its own. Where neither resize nor crop is given and the model declares another size, both are scaled to it: 224 of
   * 256 becomes 299 of 342.
   */
  readonly preprocessing?: PresetName | PreprocessingOptions | undefined;
  /** For records, where the model comes as bytes. Default: the file's name. */
  readonly name?: string | undefined;
  /** Weights that lie in other files: their bytes, by the names that the model uses. Default: read from the model's folder. */
  readonly externalData?: ReadonlyMap<string, Uint8Array> | undefined;
  /** Of a model known by name: a local checkpoint (`.pth`, safetensors) instead of the published one; its hash is not compared. */
  readonly weights?: string | undefined;
  /** Never take a checkpoint from the network, only from a cache. Default: false. */
  readonly offline?: boolean | undefined;
  /** What fetching a checkpoint says about itself. */
  readonly onProgress?: OnProgress | undefined;
  /** Default: `tfjs` for a file called `.json`, else `onnx`. TensorFlow.js has to be installed beside hybridcam. */
  readonly runtime?: Runtime | undefined;
  /** Where TensorFlow.js computes; only with `tfjs`. Default: `wasm`. */
  readonly device?: TfjsDevice | undefined;
  /** Which output holds the class scores, where an ONNX model has several. */
  readonly output?: string | undefined;
  /** How the tokens of an ONNX vision transformer make a map, where the file does not tell. Default: followed through the graph. */
  readonly tokens?: TokenOption | undefined;
  /** Where plans of ONNX backward passes outlive the process, such as `createPlanFolder(…)`. Default: nowhere. */
  readonly plans?: PlanStore | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loads an image classifier: an ONNX file or its bytes, the model.json of a TensorFlow.js model or its folder, or by name: `scenes`,
 * the small network that comes along, or `resnet50` and its relatives of torchvision.
 *
 * Weights that a model keeps in files beside it are found there. Only a model known by name is fetched, once, unless `offline`;
 * nothing is ever sent.
 *
 * @throws CamError `NOT_FOUND` or `IO` for a file that cannot be read
 * @throws ModelFormatError for bytes that are no ONNX model; UnsupportedError for a model without one image input or class scores
 * @throws OptionError for labels of the wrong count or an unknown preprocessing; AbortedError when `signal` fires
 * @example const model = await loadModel('model.onnx', { labels: 'labels.txt' });
 */
export async function loadModel(
  source: string | URL | Uint8Array,
  options: LoadModelOptions = {},
): Promise<LoadedModel> {
  const { preprocessing: wanted = {}, signal } = options;
  const asked = typeof wanted === 'string' ? { preset: wanted } : wanted;
  resolvePreprocessing(asked);
  throwIfAborted(signal, 'loadModel');
  const given =
    typeof options.labels === 'string' ? await readLabels(options.labels, options) : options.labels;
  const opened = await open(await modelFile(source), options);
  const { model } = opened;
  const labels = given ?? opened.labels;
  try {
    throwIfAborted(signal, 'loadModel');
    if (labels !== undefined) checkLabelCount(labels, model.classCount);
  } catch (error) {
    await model.dispose();
    throw error;
  }
  const chosen = asked.preset === undefined ? { ...opened.preprocessing, ...defined(asked) } : asked;
  const preprocessing = resolvePreprocessing(chosen);
  const sizesGiven = chosen.resize !== undefined || chosen.crop !== undefined;
  return {
    ...model,
    labels,
    preprocessing: sizesGiven ? preprocessing : fitted(preprocessing, model.input),
    ...(opened.weights === undefined ? {} : { weights: opened.weights }),
  };
}

function open(source: string | URL | Uint8Array, options: LoadModelOptions): Promise<OpenedModel> {
  const { name, externalData, device, weights, offline, onProgress, output, tokens, plans, signal } = options;
  const fetching = { weights, offline, onProgress, signal };
  const isJson = !(source instanceof Uint8Array) && /\.json$/i.test(String(source));
  const { runtime = isJson ? 'tfjs' : 'onnx' } = options;
  if (!runtimes.includes(runtime)) {
    throw new OptionError(`loadModel: expected runtime ${runtimes.join(' or ')}; received "${runtime}".`);
  }
  const unused = runtime === 'onnx' ? { device } : { externalData, output, tokens };
  for (const [option, value] of Object.entries(unused)) {
    if (value !== undefined) {
      throw new OptionError(
        `loadModel: expected no ${option} with the runtime ${runtime}, which would ignore it.`,
      );
    }
  }
  return runtime === 'onnx'
    ? openOnnxModel(source, { name, externalData, output, tokens, plans, ...fetching })
    : openTfjsModel(source, { device: device ?? 'wasm', name, ...fetching });
}

/** For the size that the model declares; a model of any size takes the preset's. */
function fitted(preprocessing: Preprocessing, { height, width }: ModelInput): Preprocessing {
  if (height === undefined || width === undefined) return preprocessing;
  const { crop, resize } = preprocessing;
  const size = crop.mode === 'center' ? crop.size : resize.mode === 'squash' ? resize.size : undefined;
  const fits = size !== undefined && size[0] === height && size[1] === width;
  return fits ? preprocessing : withInputSize(preprocessing, { height, width });
}

/** Without the fields that say nothing, which would hide those underneath. */
function defined(options: PreprocessingOptions): PreprocessingOptions {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
}
