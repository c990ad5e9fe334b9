import type { NdArray } from 'ndarray';
import { assertFinite } from '../check.ts';
import type { ScoreKind, Target } from '../target/target.ts';
import { type ArrayView, pack } from '../view.ts';
import { gradCam } from './grad-cam.ts';

/**
 * ShapleyCAM: Grad-CAM with the target's curvature taken into account, each channel's mean gradient less half of what it loses on the
 * way to empty activations.
 *
 * `activations` [channels, height, width]; `gradients` ∂y/∂A − ½·H·A of the same shape, or [channels] where they are the same in
 * every cell; returns [height, width], ≥ 0, in score units.
 *
 *     w_k = mean_ij ( ∂y/∂A − ½ · H·A )_kij        L = ReLU( Σ_k w_k · A_k )        H = ∂²y/∂A²
 *
 * Of a target linear in the scores, behind a linear head, H is 0 and this is Grad-CAM. `explain` offers it behind global average pooling
 * + linear, where H·A needs no second backward pass: see `shapleyCotangent`.
 *
 * Cai, CAMs as Shapley Value-based Explainers, 2025.
 * @throws ShapeError, NonFiniteError
 * @example shapleyCam(activations, correctedGradients)
 */
export function shapleyCam(activations: ArrayView, gradients: ArrayView): NdArray<Float32Array> {
  return gradCam(activations, gradients);
}

/**
 * The coefficients of the scores whose gradient is ∂y/∂A − ½·H·A behind a linear head: there s(A) = b + J·A, so that
 *
 *     H·A = Jᵀ · t″(s) · J·A = Jᵀ · d/dε t′(s + ε·(s − b)),   ε = 0
 *
 * by central differences in float64. `scores` and `bias` [classes]; returns [classes].
 * @throws NonFiniteError
 */
export function shapleyCotangent(
  target: Target,
  scores: ArrayLike<number>,
  bias: ArrayView,
  kind: ScoreKind,
): Float64Array {
  const offset = pack(bias);
  const slopes = Float64Array.from(target.gradient(scores, kind));
  const step = 1e-4;
  const at = (factor: number) =>
    target.gradient(
      Float64Array.from(scores, (score, c) => score + factor * (score - offset[c]!)),
      kind,
    );
  const above = at(step);
  const below = at(-step);
  const corrected = slopes.map((slope, c) => slope - (above[c]! - below[c]!) / (4 * step));
  assertFinite('shapleyCotangent', 'curvature', corrected);
  return corrected;
}
