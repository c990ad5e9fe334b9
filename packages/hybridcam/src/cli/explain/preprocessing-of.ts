import { OptionError } from '@hybridcam/core';
import {
  defaultPreset,
  type Preprocessing,
  type PreprocessingOptions,
  type PresetName,
  presets,
} from '@hybridcam/image';
import { choiceValue } from '../flag-values.ts';

/** What the flags say about preprocessing; undefined where they say nothing. */
export interface PreprocessingFlags {
  readonly preset: string | undefined;
  readonly resize: number | undefined;
  readonly crop: number | undefined;
  /** Always in the order red, green, blue, as the flag's name says. */
  readonly mean: readonly [number, number, number] | undefined;
  readonly std: readonly [number, number, number] | undefined;
  readonly channels: 'rgb' | 'bgr' | undefined;
}

/**
 * What the flags say, as options over the model's own preprocessing (torchvision's, unless the model is known by name). Means and
 * deviations stay with their colours when the channel order changes, and are given for values from 0 to 1, whatever scale the
 * preset has.
 */
export function preprocessingOf(flags: PreprocessingFlags): PreprocessingOptions {
  rejectByteScale('--mean', flags.mean);
  rejectByteScale('--std', flags.std);
  const named =
    flags.preset === undefined
      ? undefined
      : choiceValue('--preprocess', flags.preset, Object.keys(presets) as PresetName[]);
  const preset: Preprocessing = presets[named ?? defaultPreset];
  const channels = flags.channels ?? preset.channels;
  const reordered = channels !== preset.channels;
  const rescaled = preset.divisor !== 255 && (flags.mean !== undefined || flags.std !== undefined);
  // (v/d − m)/s, with d the preset's divisor, is (v/255 − m·d/255)/(s·d/255).
  const scale = rescaled ? preset.divisor / 255 : 1;
  const statistic = (
    rgb: readonly number[] | undefined,
    own: readonly number[],
  ): readonly number[] | undefined => {
    if (rgb !== undefined) return channels === 'bgr' ? [...rgb].reverse() : rgb;
    if (!reordered && !rescaled) return undefined;
    return (reordered ? [...own].reverse() : own).map((value) => value * scale);
  };
  return {
    preset: named,
    resize: flags.resize === undefined ? undefined : { size: flags.resize },
    crop: flags.crop === undefined ? undefined : { size: flags.crop },
    channels: flags.channels,
    divisor: rescaled ? 255 : undefined,
    mean: statistic(flags.mean, preset.mean),
    std: statistic(flags.std, preset.std),
  };
}

/** Some projects write 123.675 for 0.485; taken for the latter it would silently blacken every picture. */
function rejectByteScale(flag: string, values: readonly number[] | undefined): void {
  if (values === undefined || values.every((value) => value <= 1)) return;
  const divided = values.map((value) => Number((value / 255).toPrecision(4)));
  throw new OptionError(
    `${flag}: expected values for pixels from 0 to 1; received ${values.join(',')}, it seems for 0 to 255. Divided by 255 they are ${divided.join(',')}.`,
  );
}
