import { OptionError } from '@hybridcam/core';
import type { Crop, Preprocessing, Resize, ResizeFilter } from './preprocessing.ts';
import { defaultPreset, type PresetName, presets } from './presets.ts';

/** A preset with some fields replaced. A field that is absent or undefined keeps the preset's value. */
export interface PreprocessingOptions {
  /** Default: `torchvision`. */
  readonly preset?: PresetName | undefined;
  readonly resize?: ResizeOptions | undefined;
  readonly crop?: CropOptions | undefined;
  readonly channels?: 'rgb' | 'bgr' | undefined;
  readonly divisor?: number | undefined;
  readonly mean?: readonly number[] | undefined;
  readonly std?: readonly number[] | undefined;
}

export interface ResizeOptions {
  readonly mode?: Resize['mode'] | undefined;
  /** Shorter side; or [height, width] (one number: a square) for `squash`. */
  readonly size?: number | readonly number[] | undefined;
  readonly filter?: ResizeFilter | undefined;
}

export interface CropOptions {
  readonly mode?: Crop['mode'] | undefined;
  /** [height, width]; one number: a square. */
  readonly size?: number | readonly number[] | undefined;
}

const where = 'resolvePreprocessing';
const filters: readonly ResizeFilter[] = ['nearest', 'bilinear', 'bicubic'];

/** Larger sides are a mistake, not a network: an input of one such side squared would not fit in memory. */
const maxSide = 16_384;

/**
 * The complete, validated preprocessing: a preset, overridden field by field.
 *
 * `resize` and `crop` are overridden field by field too, so `{ resize: { size: 232 } }` keeps the preset's mode and filter.
 * Another resize mode than the preset's brings the default filter, `bilinear`. A crop size alone switches a missing crop on.
 * The preset's mean and std stay with their colours when `channels` changes; given ones are in the order of `channels`.
 * A complete `Preprocessing` is returned as it is, validated.
 *
 * @example
 * resolvePreprocessing({ preset: 'torchvision', resize: { size: 232 } }).resize
 * // → { mode: 'shorter-side', size: 232, filter: 'bilinear' }
 *
 * @throws OptionError for an unknown preset, mode or key, a size that is no positive integer, a zero std or divisor
 */
export function resolvePreprocessing(options: PreprocessingOptions = {}): Preprocessing {
  rejectUnknownKeys(options, ['preset', 'resize', 'crop', 'channels', 'divisor', 'mean', 'std'], 'options');
  const name = options.preset ?? defaultPreset;
  if (!Object.hasOwn(presets, name)) {
    throw new OptionError(
      `${where}: expected preset to be one of ${Object.keys(presets).join(', ')}; received ${show(name)}.`,
    );
  }
  const preset = presets[name];
  const channels = oneOf(options.channels ?? preset.channels, ['rgb', 'bgr'], 'channels');
  const inherited = (values: Preprocessing['mean']): readonly number[] =>
    channels === preset.channels ? values : [...values].reverse();
  return {
    resize: options.resize ? resolveResize(preset.resize, options.resize) : preset.resize,
    crop: options.crop ? resolveCrop(preset.crop, options.crop) : preset.crop,
    channels,
    divisor: nonZero(options.divisor ?? preset.divisor, 'divisor'),
    mean: triple(options.mean ?? inherited(preset.mean), 'mean', finite),
    std: triple(options.std ?? inherited(preset.std), 'std', nonZero),
  };
}

function resolveResize(preset: Resize, options: ResizeOptions): Resize {
  rejectUnknownKeys(options, ['mode', 'size', 'filter'], 'resize');
  const mode = oneOf(options.mode ?? preset.mode, ['shorter-side', 'squash', 'none'], 'resize.mode');
  if (mode === 'none') {
    if (options.size !== undefined || options.filter !== undefined) {
      throw new OptionError(
        `${where}: expected neither resize.size nor resize.filter with resize.mode "none"; received ${show(options)}. ` +
          'Give resize.mode "shorter-side" or "squash".',
      );
    }
    return { mode };
  }
  const inherited = preset.mode === 'none' ? undefined : preset;
  const filter = oneOf(
    options.filter ?? (mode === preset.mode ? inherited?.filter : undefined) ?? 'bilinear',
    filters,
    'resize.filter',
  );
  const size = options.size ?? inherited?.size;
  if (mode === 'squash') return { mode, size: pair(size, 'resize.size'), filter };
  // A square says the same as its side; another pair cannot: the longer side follows from the image.
  const single = Array.isArray(size) && size.length === 2 && size[0] === size[1] ? size[0] : size;
  return { mode, size: side(single, 'resize.size'), filter };
}

function resolveCrop(preset: Crop, options: CropOptions): Crop {
  rejectUnknownKeys(options, ['mode', 'size'], 'crop');
  const fallback = options.size === undefined ? preset.mode : 'center';
  const mode = oneOf(options.mode ?? fallback, ['center', 'none'], 'crop.mode');
  if (mode === 'center') {
    return {
      mode,
      size: pair(options.size ?? (preset.mode === 'center' ? preset.size : undefined), 'crop.size'),
    };
  }
  if (options.size !== undefined) {
    throw new OptionError(
      `${where}: expected no crop.size with crop.mode "none"; received ${show(options.size)}.`,
    );
  }
  return { mode };
}

function pair(size: unknown, field: string): readonly [height: number, width: number] {
  if (Array.isArray(size) && size.length === 2) return [side(size[0], field), side(size[1], field)];
  const square = side(size, field);
  return [square, square];
}

function side(value: unknown, field: string): number {
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= maxSide) return value;
  throw new OptionError(
    `${where}: expected ${field} in whole pixels, 1 to ${maxSide}; received ${show(value)}.`,
  );
}

function triple(
  values: readonly number[],
  field: string,
  check: (value: number, field: string) => number,
): [number, number, number] {
  if (!Array.isArray(values) || values.length !== 3) {
    throw new OptionError(`${where}: expected ${field} to hold three numbers; received ${show(values)}.`);
  }
  return [check(values[0], `${field}[0]`), check(values[1], `${field}[1]`), check(values[2], `${field}[2]`)];
}

function finite(value: number, field: string): number {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw new OptionError(`${where}: expected ${field} to be a finite number; received ${show(value)}.`);
}

function nonZero(value: number, field: string): number {
  if (Math.fround(finite(value, field)) !== 0) return value;
  throw new OptionError(`${where}: expected ${field} to be other than 0, it divides; received ${value}.`);
}

function oneOf<T extends string>(value: T, allowed: readonly T[], field: string): T {
  if (allowed.includes(value)) return value;
  throw new OptionError(
    `${where}: expected ${field} to be one of ${allowed.join(', ')}; received ${show(value)}.`,
  );
}

function rejectUnknownKeys(options: object, known: readonly string[], field: string): void {
  if (typeof options !== 'object' || options === null || Array.isArray(options)) {
    throw new OptionError(`${where}: expected ${field} to be an object; received ${show(options)}.`);
  }
  for (const key of Object.keys(options)) {
    if (!known.includes(key)) {
      throw new OptionError(
        `${where}: expected ${field} to have only ${known.join(', ')}; received "${key}".`,
      );
    }
  }
}

function show(value: unknown): string {
  return JSON.stringify(value) ?? String(value);
}
