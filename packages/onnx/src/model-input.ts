import { UnsupportedError } from '@hybridcam/core';
import { constantOf } from './graph/constants.ts';
import type { GraphIndex } from './graph/graph-index.ts';
import type { ValueInfo } from './proto/onnx-model.ts';

/** The one image input of a classifier. */
export interface ImageInput {
  readonly name: string;
  readonly dataType: 'float32' | 'float16';
  /** `nhwc` inputs are fed transposed: the contract is channels-first. */
  readonly layout: 'nchw' | 'nhwc';
  readonly channels: number;
  readonly height: number | undefined;
  readonly width: number | undefined;
  readonly batch: number | undefined;
}

/**
 * Finds the image input: the only input without a default, float, of 4 axes, with 1 or 3 channels.
 * @throws UnsupportedError listing the inputs there are
 */
export function findImageInput(graph: GraphIndex): ImageInput {
  const list = graph.inputs.map(describe).join(', ');
  const refuse = (remedy: string): UnsupportedError =>
    new UnsupportedError(
      `createOnnxModel: expected one image input, float [batch, 3 or 1, height, width] or [batch, height, width, 3 or 1]; received ${list || 'no input'}. ${remedy}`,
    );
  const [input, ...others] = graph.inputs;
  if (!input) throw refuse('Every input is an initializer.');
  if (others.length > 0) throw refuse('Models with several inputs cannot be explained from one image.');
  const { dataType, shape } = input;
  if (dataType !== 'float32' && dataType !== 'float16') {
    throw refuse(
      dataType === 'uint8'
        ? 'Export the model with a float input (its preprocessing outside of it).'
        : 'This is no image classifier.',
    );
  }
  if (shape && shape.length !== 4) throw refuse('This is no image classifier.');
  const extent = (axis: number): number | undefined => {
    const value = shape?.[axis];
    return typeof value === 'number' && value > 0 ? value : undefined;
  };
  const isColour = (channels: number | undefined): boolean => channels === 3 || channels === 1;
  const batch = extent(0);
  if (isColour(extent(1))) {
    const channels = extent(1)!;
    return {
      name: input.name,
      dataType,
      layout: 'nchw',
      channels,
      height: extent(2),
      width: extent(3),
      batch,
    };
  }
  if (isColour(extent(3)) && !(extent(1) !== undefined && extent(1)! < 8)) {
    const channels = extent(3)!;
    return {
      name: input.name,
      dataType,
      layout: 'nhwc',
      channels,
      height: extent(1),
      width: extent(2),
      batch,
    };
  }
  // Extents that are not stated: the first convolution knows how many channels it wants.
  const channels = extent(1) === undefined ? convolutionChannels(graph, input.name) : undefined;
  if (!isColour(channels)) throw refuse('This is no image classifier, or its input has no stated shape.');
  return {
    name: input.name,
    dataType,
    layout: 'nchw',
    channels: channels!,
    height: extent(2),
    width: extent(3),
    batch,
  };
}

/** Input channels of the first convolution behind the input, where only operations that keep the axes lie between. */
function convolutionChannels(graph: GraphIndex, input: string): number | undefined {
  const reached = new Set([input]);
  for (const node of graph.nodes) {
    const data = node.inputs[0];
    if (data === undefined || !reached.has(data)) continue;
    if (node.opType === 'Conv') {
      const weights = constantOf(graph, node.inputs[1] ?? '');
      const group = node.attributes.get('group');
      return weights && weights.dims[1]! * (group?.kind === 'int' ? group.value : 1);
    }
    if (KEEPS_AXES.has(node.opType)) for (const output of node.outputs) reached.add(output);
  }
  return undefined;
}

const KEEPS_AXES = new Set([
  'Cast',
  'Identity',
  'Sub',
  'Div',
  'Mul',
  'Add',
  'Pad',
  'BatchNormalization',
  'Resize',
]);

function describe({ name, dataType, shape }: ValueInfo): string {
  return `"${name}" ${dataType ?? 'of no tensor type'} [${shape?.map((extent) => extent ?? '?').join(', ') ?? '?'}]`;
}
