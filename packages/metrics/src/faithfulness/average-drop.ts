import { type ArrayView, pack, ShapeError, view } from '@hybridcam/core';
import { scoreOf } from '../score-rows.ts';
import type { Subject } from '../subject.ts';

/** How the score of a class changes when the input is multiplied by its map (so that 0 shows the mean colour). */
export interface AverageDrop {
  /** max(0, Y − O) / Y: share of the score lost; 0 … 1, lower is better. */
  readonly drop: number;
  /** 1 if the score rose, else 0; higher is better. */
  readonly increase: number;
  /** max(0, O − Y) / (1 − Y): share of the possible gain; 0 … 1, higher is better. Undefined for logits. */
  readonly gain: number | undefined;
  readonly inputScore: number;
  readonly maskedScore: number;
}

/**
 * Average drop, increase in confidence and gain of one image; average them over images.
 *
 * `map` is a saliency map [height, width] in [0, 1] at input size; `input` is [channels, height, width] in normalised space. Costs
 * one forward pass, and one more for f(x) unless `inputScore` is given.
 * Chattopadhyay et al., Grad-CAM++, WACV 2018 (drop, increase); Zhang et al., Opti-CAM, 2023 (gain).
 * @throws ShapeError when sizes differ, or the map leaves [0, 1]; or a score is not positive (give probabilities)
 */
export async function averageDrop(
  subject: Subject,
  input: ArrayView,
  classIndex: number,
  map: ArrayView,
  options: { readonly inputScore?: number } = {},
): Promise<AverageDrop> {
  const [channels, height, width] = input.shape as [number, number, number];
  if (input.shape.length !== 3 || map.shape[0] !== height || map.shape[1] !== width) {
    throw new ShapeError(
      `averageDrop: expected a map of the input's size [${height}, ${width}]; received [${map.shape}].`,
    );
  }
  const weights = pack(map);
  for (const weight of weights) {
    if (!(weight >= 0 && weight <= 1)) {
      throw new ShapeError(
        `averageDrop: expected a map in [0, 1]; received ${weight}. Normalise it first (max or minmax).`,
      );
    }
  }
  const source = pack(input);
  const pixels = height * width;
  const masked = new Float32Array(source.length);
  for (let c = 0; c < channels; c++) {
    for (let i = 0; i < pixels; i++) masked[c * pixels + i] = source[c * pixels + i]! * weights[i]!;
  }
  const inputScore = options.inputScore ?? (await scoreOf(subject, input, classIndex));
  const maskedScore = await scoreOf(subject, view(masked, [channels, height, width]), classIndex);
  if (!(inputScore > 0)) {
    throw new ShapeError(
      `averageDrop: expected a positive score of the explained class; received ${inputScore}. Give the subject's probabilities.`,
    );
  }
  return {
    drop: Math.max(0, inputScore - maskedScore) / inputScore,
    increase: maskedScore > inputScore ? 1 : 0,
    gain: subject.scoreKind === 'probability' ? gainOf(inputScore, maskedScore) : undefined,
    inputScore,
    maskedScore,
  };
}

/** At Y = 1 there is nothing to gain. */
function gainOf(inputScore: number, maskedScore: number): number {
  return inputScore >= 1 ? 0 : Math.max(0, maskedScore - inputScore) / (1 - inputScore);
}
