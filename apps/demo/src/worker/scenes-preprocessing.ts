import type { Preprocessing } from '@hybridcam/image';
import type { ScenesNetwork } from '@hybridcam/scenes';

/** How the embedded network reads a picture: squashed to its own size. */
export function scenesPreprocessing({ input, mean, std }: ScenesNetwork): Preprocessing {
  return {
    resize: { mode: 'squash', size: [input.height, input.width], filter: 'bilinear' },
    crop: { mode: 'none' },
    channels: 'rgb',
    divisor: 255,
    mean: mean as Preprocessing['mean'],
    std: std as Preprocessing['std'],
  };
}
