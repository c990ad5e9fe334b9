import type { Model } from '@hybridcam/core';
import { type Preprocessing, type PresetName, presets, withInputSize } from '@hybridcam/image';
import type { ModelFacts } from '../protocol.ts';

/** A model, and what only who opened it knows of it. */
export interface Opened {
  readonly model: Model;
  readonly facts: Running & Prepared & Pick<ModelFacts, 'labelProblem'>;
}

/** What it runs on. */
export type Running = Pick<ModelFacts, 'runtime' | 'provider' | 'providers' | 'threads' | 'fallback'>;

type Prepared = Pick<ModelFacts, 'preprocessing' | 'preset' | 'presetGuessed'>;

/** The chosen preparation, or the guess, at the model's own input size. */
export function preparation({ input }: Model, chosen: PresetName | undefined, guess: PresetName): Prepared {
  const preset = chosen ?? guess;
  const { height, width } = input;
  const preprocessing: Preprocessing =
    height === undefined || width === undefined
      ? presets[preset]
      : withInputSize(presets[preset], { height, width });
  return { preprocessing, preset, presetGuessed: chosen === undefined };
}
