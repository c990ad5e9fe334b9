import type { NdArray } from 'ndarray';
import { fuse } from '../map/fuse.ts';
import { upsample } from '../map/upsample.ts';
import type { ArrayView } from '../view.ts';
import { gradCam } from './grad-cam.ts';
import { defaultAlpha } from './hybrid-cam.ts';
import { layerCam } from './layer-cam.ts';

/** One layer's tensors for one image. */
export interface LayerEvidence {
  /** [channels, height, width]. */
  readonly activations: ArrayView;
  /** [channels, height, width], or [channels] where they are the same in every cell. */
  readonly gradients: ArrayView;
}

export interface CrossLayerHybridCamOptions {
  /** In [0, 1]: 1 is Grad-CAM of the first layer, 0 is LayerCAM of the second. Default 0.7. */
  readonly alpha?: number;
  /** Size of the result. Default: the larger of the two layers, along each axis. */
  readonly height?: number;
  readonly width?: number;
}

/**
 * Cross-layer hybrid: Grad-CAM of a late layer (where) times LayerCAM of an earlier, finer one (in detail), each upsampled to
 * one size first, then fused.
 *
 * Returns [height, width] in [0, 1], relative to each parent's maximum after upsampling.
 *
 *     L = (↑L_GC / max ↑L_GC)^α · (↑L_LC / max ↑L_LC)^(1−α)
 * @throws ShapeError, NonFiniteError, OptionError
 * @example crossLayerHybridCam(last, earlier, { alpha: 0.7, height: 224, width: 224 })
 */
export function crossLayerHybridCam(
  gradCamLayer: LayerEvidence,
  layerCamLayer: LayerEvidence,
  { alpha = defaultAlpha, ...size }: CrossLayerHybridCamOptions = {},
): NdArray<Float32Array> {
  const coarse = gradCam(gradCamLayer.activations, gradCamLayer.gradients);
  const fine = layerCam(layerCamLayer.activations, layerCamLayer.gradients);
  const height = size.height ?? Math.max(coarse.shape[0]!, fine.shape[0]!);
  const width = size.width ?? Math.max(coarse.shape[1]!, fine.shape[1]!);
  return fuse(upsample(coarse, height, width), upsample(fine, height, width), alpha);
}
