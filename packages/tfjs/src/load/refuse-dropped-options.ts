import { UnsupportedError } from '@hybridcam/core';
import { type JsonRecord, recordOf } from './json-record.ts';
import type { Writer } from './keras-topology.ts';

/**
 * TensorFlow.js 4.22 takes a Keras layer by its name and passes over options that it does not have. The network would run, and be
 * another one.
 * @throws UnsupportedError with the layer, what is passed over and the remedy
 */
export function refuseDroppedOptions(layers: readonly JsonRecord[], writer: Writer): void {
  for (const layer of layers) {
    const kind = String(layer['class_name']);
    const config = recordOf(layer['config']) ?? {};
    const rules = [...(Object.hasOwn(DROPPED, kind) ? DROPPED[kind]! : []), HARD_SIGMOID];
    const what = rules.map((rule) => rule(config, writer)).find((found) => found !== undefined);
    if (what === undefined) continue;
    throw new UnsupportedError(
      `tfjs model: expected layers that TensorFlow.js 4.22 computes as Keras does; ${kind} "${String(config['name'])}" has ${what}. ` +
        'Convert the model as a graph, which keeps it: model.export("saved_model"), then tensorflowjs_converter ' +
        '--input_format=tf_saved_model --output_format=tfjs_graph_model saved_model web-model.',
    );
  }
}

/** What is passed over, in words; undefined where nothing is. */
type Rule = (config: JsonRecord, writer: Writer) => string | undefined;

/** An option that TensorFlow.js does not read, and whose only right value is the one it assumes. */
const only =
  (option: string, ...assumed: readonly unknown[]): Rule =>
  (config) => {
    const value = config[option];
    const values = Array.isArray(value) ? value : [value];
    return value == null || values.every((one) => assumed.includes(one))
      ? undefined
      : `${option} ${JSON.stringify(value)}, which is passed over there`;
  };

/** What was made in TensorFlow.js is as its maker saw it. */
const resized =
  (wrong: string): Rule =>
  (_config, writer) =>
    writer === 'tfjs' ? undefined : `the pixel grid of Keras, and there ${wrong}`;

const HARD_SIGMOID: Rule = (config, writer) =>
  writer === 'keras 3' && config['activation'] === 'hard_sigmoid'
    ? 'the hard_sigmoid of Keras 3, (x + 3) / 6 clipped; there it is 0.2 x + 0.5 clipped'
    : undefined;

const DROPPED: Readonly<Record<string, readonly Rule[]>> = {
  ReLU: [only('negative_slope', 0), only('threshold', 0)],
  Conv2D: [only('groups', 1)],
  Conv2DTranspose: [only('groups', 1), only('dilation_rate', 1), only('output_padding')],
  SeparableConv2D: [only('groups', 1)],
  GlobalAveragePooling2D: [only('keepdims', false)],
  GlobalMaxPooling2D: [only('keepdims', false)],
  LayerNormalization: [only('rms_scaling', false)],
  UpSampling2D: [
    (config, writer) =>
      config['interpolation'] === 'bilinear'
        ? resized('bilinear up-sampling measures from corners instead of centres of pixels')(config, writer)
        : undefined,
  ],
  Resizing: [resized('the corners of both pictures are aligned')],
  CenterCrop: [resized('an odd margin is rounded to another side')],
};
