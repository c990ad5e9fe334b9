import { type ChannelTerms, elementWiseTerms, weightedTerms } from '../kernels/channel-terms.ts';
import { readLayer } from '../kernels/layer.ts';
import { meanGradients } from '../kernels/mean-gradients.ts';
import type { ArrayView } from '../view.ts';

// Apart from their methods, which every page that explains carries.

/** What each channel adds to `gradCam`, before the ReLU. */
export function gradCamTerms(activations: ArrayView, gradients: ArrayView): ChannelTerms {
  const layer = readLayer('gradCam', activations, gradients);
  return weightedTerms(layer, meanGradients(layer));
}

/** What each channel adds to `layerCam`, before the ReLU. */
export function layerCamTerms(activations: ArrayView, gradients: ArrayView): ChannelTerms {
  const layer = readLayer('layerCam', activations, gradients);
  return elementWiseTerms(layer, (gradient, activation) => Math.max(gradient, 0) * activation);
}
