import type { ChannelTerms } from '../kernels/channel-terms.ts';
import { eigenSmoothed } from '../map/eigen-smooth.ts';
import type { ArrayView } from '../view.ts';
import { type AblationCamVariant, ablationCamTerms } from './ablation-cam.ts';
import { camTerms } from './cam.ts';
import { elementWiseGradCamTerms } from './element-wise-grad-cam.ts';
import { type GradCamPlusPlusVariant, gradCamPlusPlusTerms } from './grad-cam-plus-plus.ts';
import { hiResCamTerms } from './hi-res-cam.ts';
import type { LayerFormula, LayerFormulas } from './layer-formulas.ts';
import { gradCamTerms, layerCamTerms } from './plain-terms.ts';
import { type XGradCamVariant, xGradCamTerms } from './x-grad-cam.ts';

/** With eigen smoothing, of every method that sums over channels. */
export const smoothedFormulas: LayerFormulas = {
  'grad-cam': smoothed(gradCamTerms),
  'layer-cam': smoothed(layerCamTerms),
  'grad-cam-plus-plus': smoothed((activations, gradients, variant) =>
    gradCamPlusPlusTerms(activations, gradients, variant as GradCamPlusPlusVariant),
  ),
  'xgrad-cam': smoothed((activations, gradients, variant) =>
    xGradCamTerms(activations, gradients, variant as XGradCamVariant),
  ),
  'hires-cam': smoothed(hiResCamTerms),
  'element-wise-grad-cam': smoothed(elementWiseGradCamTerms),
  'ablation-cam': smoothed((activations, weights, variant, score) =>
    ablationCamTerms(activations, weights, score, variant as AblationCamVariant),
  ),
  cam: smoothed(camTerms),
};

/** `terms`: what each channel adds to the map. */
function smoothed(
  terms: (activations: ArrayView, weights: ArrayView, variant: string, score: number) => ChannelTerms,
): LayerFormula {
  return (activations, weights, variant, score) => {
    const [, height, width] = activations.shape as [number, number, number];
    return eigenSmoothed('explain', terms(activations, weights, variant, score), height, width);
  };
}
