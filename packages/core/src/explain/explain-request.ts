import type { Normalization } from '../kernels/normalized.ts';
import type { LayerFusion } from '../map/fuse-layers.ts';
import type { MethodCall } from '../methods/method-call.ts';
import type { MethodName } from '../methods/method-table.ts';
import type { PresetName } from '../presets.ts';
import type { ClassSelector } from '../target/resolve-class.ts';
import type { Target } from '../target/target.ts';

/** One explanation wanted. */
export interface ExplainRequest {
  /** A name, or a call such as `hybrid({ alpha: 0.7 })`. Default `hybrid`. */
  readonly method?: MethodName | MethodCall | undefined;
  /**
   * Default: the model's default layer. For `cross-layer-hybrid` [gradCamLayer, layerCamLayer]; default: the model's default layer
   * and the last one with twice its resolution. Several layers of any other method need `layerFusion`.
   */
  readonly targetLayer?: string | readonly string[] | undefined;
  /** How the maps of several layers become one: each is normalised, upsampled, then fused. Default: one layer only. */
  readonly layerFusion?: LayerFusion | undefined;
  /**
   * Joins what the channels add by their first principal component instead of their sum. Of methods that sum over channels:
   * `methods.NAME.eigenSmoothing` says so. Default false.
   */
  readonly eigenSmoothing?: boolean | undefined;
  /**
   * The mean map of six inputs: the image and its mirror image, each times 0.9, 1 and 1.1. It takes six times the passes. Default
   * false.
   */
  readonly augmentationSmoothing?: boolean | undefined;
  /** An index, `top1`, `top2` … or a label. Default `top1`. */
  readonly classIndex?: ClassSelector | undefined;
  /**
   * A target, or what makes one for the class that `classIndex` selects. Default `logit`; for a single-output model its score
   * towards the side it decided for.
   */
  readonly target?: Target | ((classIndex: number) => Target) | undefined;
  /** Default `max`, or what the preset says. */
  readonly normalize?: Normalization | undefined;
  /** Somebody else's numbers, exactly. Default: none. */
  readonly preset?: PresetName | undefined;
}
