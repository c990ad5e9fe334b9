import type { ArrayView } from '@hybridcam/core';
import { type Evidence, localisationInput } from './mask.ts';

export interface Energy {
  /** Share of the map's positive mass inside the mask: 0 … 1, higher is better. */
  readonly energy: number;
  /** `energy` over the mask's share of the area: 1 is what a constant map gets. */
  readonly lift: number;
}

/**
 * Energy inside the evidence (energy pointing game, relevance mass accuracy) and its lift over area; undefined for a map without
 * positive mass.
 *
 * Wang et al., Score-CAM, CVPRW 2020; Arras et al., CLEVR-XAI, 2022.
 * @example energy(view(new Float32Array([3, 1, 0, 0]), [2, 2]), { left: 0, top: 0, right: 1, bottom: 1 }) // { energy: 0.75, lift: 3 }
 */
export function energy(map: ArrayView, evidence: Evidence): Energy | undefined {
  const { values, inside, insideCount } = localisationInput(map, evidence, 'energy');
  let total = 0;
  let within = 0;
  for (let i = 0; i < values.length; i++) {
    const value = Math.max(0, values[i]!);
    total += value;
    if (inside[i]) within += value;
  }
  if (total === 0) return undefined;
  return { energy: within / total, lift: within / total / (insideCount / values.length) };
}

/** Share of the positive mass that lies on each distractor's mask; 0 … 1, lower is better. Undefined without positive mass. */
export function distractorMass(map: ArrayView, distractors: readonly Evidence[]): number[] | undefined {
  const shares = distractors.map((distractor) => energy(map, distractor)?.energy);
  return shares.every((share) => share !== undefined) ? shares : undefined;
}
