import { gradCam } from './grad-cam.ts';
import { layerCam } from './layer-cam.ts';
import type { LayerFormulas } from './layer-formulas.ts';

/** Of what the hybrids are made of: always at hand. */
export const plainFormulas: LayerFormulas = { 'grad-cam': gradCam, 'layer-cam': layerCam };
