import type { Normalization } from './kernels/normalized.ts';

/**
 * Somebody else's numbers, exactly: `notebook` is the reference implementation of the hybrid (1e-10 in every division,
 * min-max at layer size), `pytorch-grad-cam` that library (its variants of Grad-CAM++ and XGrad-CAM, min-max with 1e-7 before
 * upsampling and again after it), `torchcam` that one (its variants, min-max with 1e-8 at layer size).
 */
export type PresetName = 'notebook' | 'pytorch-grad-cam' | 'torchcam';

export interface Preset {
  readonly normalize: Normalization;
  readonly epsilon: number;
  /** Min-max the saliency map again after upsampling, which restores its peak to 1. */
  readonly renormalizeAfterUpsample: boolean;
  /** Used for methods that have a variant of this name. */
  readonly variant: string;
}

export const presets: Readonly<Record<PresetName | 'paper', Preset>> = {
  paper: { normalize: 'max', epsilon: 0, renormalizeAfterUpsample: false, variant: 'paper' },
  notebook: { normalize: 'minmax', epsilon: 1e-10, renormalizeAfterUpsample: false, variant: 'paper' },
  'pytorch-grad-cam': {
    normalize: 'minmax',
    epsilon: 1e-7,
    renormalizeAfterUpsample: true,
    variant: 'pytorch-grad-cam',
  },
  torchcam: { normalize: 'minmax', epsilon: 1e-8, renormalizeAfterUpsample: false, variant: 'torchcam' },
};
