import type { NdArray } from 'ndarray';
import type { ArrayView } from '../view.ts';
import { type AblationCamVariant, ablationCam } from './ablation-cam.ts';
import { cam } from './cam.ts';
import { eigenCam } from './eigen-cam.ts';
import { eigenGradCam } from './eigen-grad-cam.ts';
import { elementWiseGradCam } from './element-wise-grad-cam.ts';
import { type FemVariant, fem } from './fem.ts';
import { type GradCamPlusPlusVariant, gradCamPlusPlus } from './grad-cam-plus-plus.ts';
import { hiResCam } from './hi-res-cam.ts';
import type { MethodName } from './method-table.ts';
import { plainFormulas } from './plain-formulas.ts';
import { type XGradCamVariant, xGradCam } from './x-grad-cam.ts';

/**
 * The raw map [height, width] of one layer from its activations and its gradients (`needs: 'gradients'`) or channel weights
 * (`needs: 'head'`; nothing for `needs: 'activations'`) and the target's value.
 */
export type LayerFormula = (
  activations: ArrayView,
  weights: ArrayView,
  variant: string,
  score: number,
) => NdArray<Float32Array>;

/** By method. None for the hybrids, which are fused, and for methods that `probeModel` makes. */
export type LayerFormulas = Readonly<Partial<Record<MethodName, LayerFormula>>>;

/** Of every method that sees one layer. */
export const layerFormulas: LayerFormulas = {
  ...plainFormulas,
  'grad-cam-plus-plus': (activations, gradients, variant) =>
    gradCamPlusPlus(activations, gradients, { variant: variant as GradCamPlusPlusVariant }),
  'xgrad-cam': (activations, gradients, variant) =>
    xGradCam(activations, gradients, { variant: variant as XGradCamVariant }),
  'hires-cam': hiResCam,
  'element-wise-grad-cam': elementWiseGradCam,
  'eigen-grad-cam': eigenGradCam,
  'eigen-cam': (activations) => eigenCam(activations),
  fem: (activations, _, variant) => fem(activations, { variant: variant as FemVariant }),
  'ablation-cam': (activations, weights, variant, score) =>
    ablationCam(activations, weights, score, { variant: variant as AblationCamVariant }),
  cam: (activations, weights) => cam(activations, weights),
};
