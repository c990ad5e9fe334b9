import { readArray } from '../check.ts';
import { OptionError } from '../errors.ts';
import { bilinear, type Size } from '../kernels/bilinear.ts';
import { valueRange } from '../kernels/value-range.ts';
import type { ArrayView } from '../view.ts';

/** The channels of a layer as masks of the input. */
export interface ChannelMasks {
  /** [channels, height, width], and its extents. */
  readonly activations: Float32Array;
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly cells: number;
  /** Channels to probe, in order of their index. */
  readonly chosen: readonly number[];
  /** Channel k min-maxed to [0, 1] at input size; 0 everywhere where the channel is constant. */
  mask(k: number, size: Size): Float64Array;
}

export interface ChannelMaskOptions {
  /** Only so many channels, those that vary most in space. Default: all. */
  readonly channels?: number | undefined;
  /** How a channel becomes a mask. Default: upsampled, then min-maxed. */
  readonly order?: 'upsample-first' | 'normalize-first';
  readonly alignCorners?: boolean;
  readonly epsilon?: number;
  /** Leave out constant channels, which single out no place. */
  readonly skipConstant?: boolean;
}

/** @throws ShapeError, NonFiniteError; OptionError for a count of channels that is no integer ≥ 1 */
export function channelMasks(
  where: string,
  activations: ArrayView,
  {
    channels: limit,
    order = 'upsample-first',
    alignCorners = false,
    epsilon = 0,
    skipConstant = false,
  }: ChannelMaskOptions,
): ChannelMasks {
  const a = readArray(where, 'activations', activations, ['channels', 'height', 'width']);
  if (limit !== undefined && !(Number.isInteger(limit) && limit >= 1)) {
    throw new OptionError(`${where}: expected an integer count of channels ≥ 1; received ${limit}.`);
  }
  const [channels, height, width] = activations.shape as [number, number, number];
  const cells = height * width;
  const channel = (k: number) => a.subarray(k * cells, (k + 1) * cells);
  const all = Array.from({ length: channels }, (_, k) => k);
  const varying = skipConstant ? all.filter((k) => extentOf(channel(k)) > 0) : all;
  return {
    activations: a,
    channels,
    height,
    width,
    cells,
    chosen: limit === undefined || limit >= varying.length ? varying : mostVarying(varying, channel, limit),
    mask(k, size) {
      if (order === 'normalize-first') {
        return bilinear(minMax(Float64Array.from(channel(k)), epsilon), [height, width], size, alignCorners);
      }
      return minMax(bilinear(channel(k), [height, width], size, alignCorners), epsilon);
    },
  };
}

function mostVarying(
  candidates: readonly number[],
  channel: (k: number) => Float32Array,
  count: number,
): number[] {
  const variances = new Map(candidates.map((k) => [k, variance(channel(k))]));
  return [...candidates]
    .sort((a, b) => variances.get(b)! - variances.get(a)! || a - b)
    .slice(0, count)
    .sort((a, b) => a - b);
}

function variance(values: Float32Array): number {
  let mean = 0;
  for (const value of values) mean += value / values.length;
  let sum = 0;
  for (const value of values) sum += (value - mean) ** 2;
  return sum / values.length;
}

function extentOf(values: ArrayLike<number>): number {
  const { min, max } = valueRange(values);
  return max - min;
}

function minMax(values: Float64Array, epsilon: number): Float64Array {
  const { min, max } = valueRange(values);
  const extent = max - min;
  return values.map((value) => (extent > 0 ? (value - min) / (extent + epsilon) : 0));
}
