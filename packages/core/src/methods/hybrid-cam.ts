import type { NdArray } from 'ndarray';
import { fuse } from '../map/fuse.ts';
import { normalize } from '../map/normalize.ts';
import { presets } from '../presets.ts';
import type { ArrayView } from '../view.ts';
import { hybridParents } from './hybrid-parents.ts';

export interface HybridCamOptions {
  /** In [0, 1]: 1 is Grad-CAM, 0 is LayerCAM. Default 0.7. */
  readonly alpha?: number;
  /** `notebook`: 1e-10 in every division and a final min-max, as the reference computes it. Default: neither. */
  readonly preset?: 'notebook';
}

export const defaultAlpha = 0.7;

/**
 * Hybrid Grad-LayerCAM: the weighted geometric mean of Grad-CAM and LayerCAM of one layer.
 *
 * `activations` [channels, height, width]; `gradients` of the same shape, or [channels] where they are the same in every
 * cell; returns [height, width] in [0, 1], relative to each parent's own maximum.
 *
 *     L = (L_GC / max L_GC)^α · (L_LC / max L_LC)^(1−α)
 *
 * Where the gradients are spatially constant and activations ≥ 0 (the last layer of most networks) this is P·(1 − N/P)₊^α
 * up to scale, with P and N the positive and negative evidence: α is an exponent on local purity.
 * @throws ShapeError, NonFiniteError, OptionError for an alpha outside [0, 1]
 * @example hybridCam(activations, gradients, { alpha: 0.7 })
 */
export function hybridCam(
  activations: ArrayView,
  gradients: ArrayView,
  { alpha = defaultAlpha, ...options }: HybridCamOptions = {},
): NdArray<Float32Array> {
  return hybridCams(activations, gradients, [alpha], options)[0]!;
}

/** The hybrid for every alpha of a list; both parents are computed once. */
export function hybridCams(
  activations: ArrayView,
  gradients: ArrayView,
  alphas: readonly number[],
  { preset }: Pick<HybridCamOptions, 'preset'> = {},
): NdArray<Float32Array>[] {
  const parents = hybridParents(activations, gradients);
  if (preset === undefined) return alphas.map((alpha) => fuse(...parents, alpha));
  const { epsilon, normalize: kind } = presets[preset];
  return alphas.map((alpha) => normalize(fuse(...parents, alpha, { epsilon }), kind, { epsilon }));
}
