import type { Model } from '@hybridcam/core';
import { type Preprocessing, type PresetName, presets, withInputSize } from '@hybridcam/image';
import type { ModelChoice, ModelFacts } from '../protocol.ts';

export type FilesChoice = Extract<ModelChoice, { kind: 'files' }>;

/** A model, and what only who opened it knows of it. */
export interface Opened {
  readonly model: Model;
  readonly facts: Pick<
    ModelFacts,
    'runtime' | 'threads' | 'fallback' | 'labelProblem' | 'preprocessing' | 'preset' | 'presetGuessed'
  >;
}

/** The chosen preparation, or the guess, at the model's own input size. */
export function preparation(
  { input }: Model,
  chosen: PresetName | undefined,
  guess: PresetName,
): Pick<Opened['facts'], 'preprocessing' | 'preset' | 'presetGuessed'> {
  const preset = chosen ?? guess;
  const { height, width } = input;
  const preprocessing: Preprocessing =
    height === undefined || width === undefined
      ? presets[preset]
      : withInputSize(presets[preset], { height, width });
  return { preprocessing, preset, presetGuessed: chosen === undefined };
}
