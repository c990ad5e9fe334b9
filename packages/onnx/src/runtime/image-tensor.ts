import { type ArrayView, allFinite, NonFiniteError, pack, ShapeError } from '@hybridcam/core';
import type { ImageInput } from '../model-input.ts';
import type { OrtRuntime, OrtTensor } from '../ort.ts';
import { floatsToHalves } from '../proto/half.ts';

/**
 * The runtime's tensor of a [batch, channels, height, width] input, in the model's own layout and float type.
 * @throws ShapeError when it does not fit the model, with both shapes; NonFiniteError when it has a NaN or infinity, which a
 *   network may swallow (a ReLU of NaN can be 0), unless the caller says that it has none
 */
export function imageTensor(
  ort: OrtRuntime,
  input: ImageInput,
  array: ArrayView,
  knownFinite = false,
): OrtTensor {
  const [batch, channels, height, width] = array.shape as [number, number, number, number];
  const wanted = [input.batch, input.channels, input.height, input.width];
  const fits =
    array.shape.length === 4 &&
    array.shape.every((extent, i) => extent > 0 && (wanted[i] === undefined || wanted[i] === extent));
  if (!fits) {
    const names = ['batch', 'channels', 'height', 'width'];
    const expected = wanted.map((extent, i) => extent ?? names[i]).join(', ');
    throw new ShapeError(
      `forward: expected input [${expected}]; received [${array.shape.join(', ')}]. Preprocess the image to the model's size.`,
    );
  }
  let values = pack(array);
  if (!knownFinite && !allFinite(values)) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    throw new NonFiniteError(
      `forward: expected a finite input; received ${values[bad]} at flat index ${bad}. Check the preprocessing.`,
    );
  }
  let dims = [batch, channels, height, width];
  if (input.layout === 'nhwc') {
    values = channelsLast(values, batch, channels, height * width);
    dims = [batch, height, width, channels];
  }
  return floatTensor(ort, input.dataType, values, dims);
}

/** A tensor of the runtime of one of its float types. */
export function floatTensor(
  ort: OrtRuntime,
  type: OrtTensor['type'],
  values: Float32Array,
  dims: readonly number[],
): OrtTensor {
  if (type === 'float64') return new ort.Tensor('float64', Float64Array.from(values), dims);
  if (type !== 'float16') return new ort.Tensor('float32', values, dims);
  // Engines with Float16Array want that type, older ones the bits.
  const { Float16Array: Halves } = globalThis as unknown as {
    Float16Array?: { from(v: Float32Array): Uint16Array };
  };
  return new ort.Tensor('float16', Halves ? Halves.from(values) : floatsToHalves(values), dims);
}

/** [batch, channels, cells] values as [batch, cells, channels]. */
export function channelsLast(
  values: Float32Array,
  batch: number,
  channels: number,
  cells: number,
): Float32Array {
  const out = new Float32Array(values.length);
  for (let n = 0; n < batch; n++) {
    const base = n * channels * cells;
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < cells; i++) out[base + i * channels + c] = values[base + c * cells + i]!;
    }
  }
  return out;
}

/** [batch, cells, channels] values as [batch, channels, cells]. */
export function channelsFirst(
  values: Float32Array,
  batch: number,
  channels: number,
  cells: number,
): Float32Array {
  const out = new Float32Array(values.length);
  for (let n = 0; n < batch; n++) {
    const base = n * channels * cells;
    for (let c = 0; c < channels; c++) {
      for (let i = 0; i < cells; i++) out[base + c * cells + i] = values[base + i * channels + c]!;
    }
  }
  return out;
}
