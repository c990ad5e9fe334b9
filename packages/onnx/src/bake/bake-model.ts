import {
  crossLayers,
  OptionError,
  ShapeError,
  throwIfAborted,
  UnsupportedError,
  version,
} from '@hybridcam/core';
import { DEFAULT_RULE_OPTIONS } from '../autodiff/default-rules.ts';
import { planGraph } from '../autodiff/plan.ts';
import { backwardEngine } from '../backward.ts';
import type { ListedLayer } from '../layers/list-layers.ts';
import type { ImageInput } from '../model-input.ts';
import { appendToModel } from '../proto/write-onnx.ts';
import { type Classifier, readClassifier } from '../read-classifier.ts';
import { orRuntimeError } from '../runtime/runtime-error.ts';
import { type BakeOptions, type BakeRequest, readBakeOptions } from './bake-options.ts';
import { bakedGraph, shapeTitle } from './baked-graph.ts';
import { assertNewNames } from './new-names.ts';
import { OLDEST_OPSET, tooOld } from './to-opset.ts';
import { verifyBaked } from './verify-baked.ts';

/**
 * An ONNX file that explains itself: the model with its class activation map among its outputs.
 *
 * The result is one ordinary file of the model's own opset, for any ONNX Runtime in any language: the original bytes, untouched,
 * followed by the backward pass and the map's arithmetic. Beside the original outputs it returns `cam` [batch, height, width] at
 * the size of the layer (of two layers: the larger), of each image's best class unless `classIndex` or the input `class` says
 * otherwise. Its metadata (`hybridcam.method`, `.layers`, `.alpha` …) tell what it is. The numbers are those of
 * core's method of the same name on this package's activations and gradients, in float32 arithmetic.
 *
 * The probe runs the model once or twice, and the finished file is run once before it is returned.
 *
 * @throws UnsupportedError for a method that no graph can hold, a layer without gradient, or an opset below 11
 * @throws OptionError, LayerNotFoundError, ModelFormatError, CamError NOT_FOUND or RUNTIME as `createOnnxModel`
 * @throws ShapeError when the model leaves its height and width open and `inputSize` is missing, or differs from what it declares
 * @example
 * const baked = await bakeModel(bytes, { ort, layers: ['layer4.2'], method: 'hybrid', alpha: 0.7 });
 */
export async function bakeModel(bytes: Uint8Array, options: BakeOptions): Promise<Uint8Array> {
  const request = readBakeOptions(options);
  const { ort, signal } = options;
  throwIfAborted(signal, 'bakeModel');
  const classifier = await readClassifier(bytes, { ...options, engine: backwardEngine });
  const { context, input, shapes, scores } = classifier;
  const { graph } = context;
  if (graph.opset < OLDEST_OPSET) throw tooOld(graph.opset, `opset ${OLDEST_OPSET} or newer`);
  assertNewNames(graph, request);
  assertDefaultsPossible(graph.model.irVersion, request);
  const layers = chooseLayers(classifier, request);
  const plan = await orRuntimeError('bakeModel', () =>
    planGraph(
      {
        ...context,
        layers: [...new Set(layers.map(({ tensor }) => tensor.name))],
        options: DEFAULT_RULE_OPTIONS,
        inputShape: inputShape(input, options.inputSize),
        signal,
      },
      { handsOverMasks: false },
    ),
  );
  throwIfAborted(signal, 'bakeModel');
  const { addition, sizes } = bakedGraph({
    plan,
    graph,
    input,
    scores: { name: scores.tensor, dataType: shapes.get(scores.tensor)?.dataType },
    layers,
    request,
  });
  await verifyBaked({
    ort,
    bytes: appendToModel(context.sessionBytes, addition),
    sessionOptions: context.sessionOptions,
    input,
    inputDims: plan.inputDims,
    request,
    sizes,
  });
  throwIfAborted(signal, 'bakeModel');
  return appendToModel(bytes, addition, describe(layers, request, plan.inputDims));
}

/** Before IR 4 an initializer that is an input too is still a constant. */
function assertDefaultsPossible(irVersion: number, { inputs, requiredInputs }: BakeRequest): void {
  if (irVersion >= 4 || inputs.length === 0 || requiredInputs) return;
  throw new OptionError(
    `bakeModel: expected a model of IR 4 or newer for inputs with defaults; received IR ${irVersion}. Leave the defaults out with requiredInputs.`,
  );
}

function chooseLayers({ layers }: Classifier, { layers: named, method }: BakeRequest): ListedLayer[] {
  const model = {
    layers: layers.list,
    defaultLayer: layers.defaultLayer,
    resolveLayer: (name: string) => layers.resolve(name).layer,
  };
  const automatic = () => (method === 'cross-layer-hybrid' ? crossLayers(model) : [layers.defaultLayer]);
  const names: readonly (string | undefined)[] = named ?? automatic();
  return names.map((name, i) => {
    const chosen = layers.resolve(name ?? automatic()[i]!, 'bakeModel');
    const { layer } = chosen;
    if (layer.gradient === 'unavailable') {
      throw new UnsupportedError(`bakeModel: expected a gradient at "${layer.name}"; ${layer.blockedBy}.`);
    }
    return chosen;
  });
}

function inputShape(input: ImageInput, size: BakeOptions['inputSize']): number[] {
  const [height = input.height, width = input.width] = size ?? [];
  if (size !== undefined && !size.every((extent) => Number.isInteger(extent) && extent > 0)) {
    throw new OptionError(`bakeModel: expected "inputSize" [height, width]; received [${size}].`);
  }
  if (height === undefined || width === undefined) {
    throw new ShapeError(
      `bakeModel: expected "inputSize" [height, width], because the model leaves the size of input "${input.name}" open; received none. A baked file works at one size.`,
    );
  }
  if ((input.height ?? height) !== height || (input.width ?? width) !== width) {
    throw new ShapeError(
      `bakeModel: expected "inputSize" [${input.height ?? 'any'}, ${input.width ?? 'any'}], as the model declares; received [${height}, ${width}].`,
    );
  }
  const { layout, channels, batch = 1 } = input;
  return layout === 'nchw' ? [batch, channels, height, width] : [batch, height, width, channels];
}

/** Metadata that a reader of the file finds under `hybridcam.…`. */
function describe(
  layers: readonly ListedLayer[],
  request: BakeRequest,
  inputDims: readonly (number | undefined)[],
): Record<string, string> {
  const { method, alpha, normalize, classIndex, inputs, requiredInputs } = request;
  const entries: Record<string, string | undefined> = {
    version,
    method,
    layers: layers.map(({ layer }) => layer.name).join(','),
    tensors: layers.map(({ tensor }) => tensor.name).join(','),
    alpha: alpha === undefined ? undefined : String(alpha),
    normalize,
    class: classIndex === undefined ? 'argmax' : String(classIndex),
    input: shapeTitle(inputDims),
    inputs: inputs.length === 0 ? undefined : `${inputs.join(',')}${requiredInputs ? ' (required)' : ''}`,
  };
  return Object.fromEntries(
    Object.entries(entries).flatMap(([key, value]) =>
      value === undefined ? [] : [[`hybridcam.${key}`, value]],
    ),
  );
}
