import type { Extent } from './geometry.ts';
import type { Preprocessing } from './preprocessing.ts';
import { resolvePreprocessing } from './resolve-preprocessing.ts';

/**
 * The same preprocessing for a network of another input size: the crop (or the squash) becomes that size, and a shorter
 * side grows in proportion, rounded: Resize 256, CenterCrop 224 becomes Resize 342, CenterCrop 299, as in torchvision.
 *
 * A preprocessing that gives every image its own size stays so, followed by a centre crop.
 *
 * @example
 * withInputSize(presets.torchvision, { height: 299, width: 299 }).resize
 * // → { mode: 'shorter-side', size: 342, filter: 'bilinear' }
 *
 * @throws OptionError when a side is no positive integer
 */
export function withInputSize(preprocessing: Preprocessing, { height, width }: Extent): Preprocessing {
  const { resize, crop } = preprocessing;
  const size = [height, width] as const;
  if (crop.mode === 'none' && resize.mode === 'squash') {
    return resolvePreprocessing({ ...preprocessing, resize: { ...resize, size } });
  }
  if (crop.mode === 'none' || resize.mode === 'none') {
    return resolvePreprocessing({ ...preprocessing, crop: { mode: 'center', size } });
  }
  const grow = Math.min(height, width) / Math.min(...crop.size);
  return resolvePreprocessing({
    ...preprocessing,
    resize:
      resize.mode === 'squash'
        ? {
            ...resize,
            size: [
              Math.round((resize.size[0] * height) / crop.size[0]),
              Math.round((resize.size[1] * width) / crop.size[1]),
            ],
          }
        : { ...resize, size: Math.round(resize.size * grow) },
    crop: { mode: 'center', size },
  });
}
