import type { ArrayView } from '@hybridcam/core';
import { type Evidence, localisationInput } from './mask.ts';

/** TorchRay's 15 pixels at 224, as a share of the longer side. */
const TOLERANCE_SHARE = 15 / 224;

/**
 * Pointing game: 1 if the mask touches the open disc around the map's maximum, else 0. Average it over images, or per class first.
 *
 * `tolerance` is the disc's radius in pixels; default 15/224 of the longer side; 0 asks for the pixel itself. Ties: the first
 * maximum in raster order. Zhang et al., Excitation Backprop, IJCV 2018; TorchRay's disc.
 */
export function pointingGame(
  map: ArrayView,
  evidence: Evidence,
  options: { readonly tolerance?: number } = {},
): 0 | 1 {
  const { values, inside, height, width } = localisationInput(map, evidence, 'pointingGame');
  const tolerance = options.tolerance ?? TOLERANCE_SHARE * Math.max(height, width);
  let peak = 0;
  for (let i = 1; i < values.length; i++) if (values[i]! > values[peak]!) peak = i;
  if (inside[peak]) return 1;
  const peakY = Math.floor(peak / width);
  const peakX = peak - peakY * width;
  for (let i = 0; i < inside.length; i++) {
    if (!inside[i]) continue;
    const y = Math.floor(i / width);
    if ((y - peakY) ** 2 + (i - y * width - peakX) ** 2 < tolerance ** 2) return 1;
  }
  return 0;
}
