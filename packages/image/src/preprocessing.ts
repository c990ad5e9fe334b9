/**
 * How an image becomes a network's input, as plain data: it can be stored in a record and compared.
 * Steps run in this order: resize, crop, channel order, `(value / divisor − mean) / std`.
 */
export interface Preprocessing {
  readonly resize: Resize;
  readonly crop: Crop;
  /** Order of the channels in the input; `mean` and `std` are in the same order. */
  readonly channels: 'rgb' | 'bgr';
  /** Byte values are divided by this: 255 gives [0, 1], 1 keeps 0…255. */
  readonly divisor: number;
  /** Subtracted per channel after the division. */
  readonly mean: readonly [number, number, number];
  /** Divides per channel after the subtraction. */
  readonly std: readonly [number, number, number];
}

/**
 * `shorter-side`: the shorter side becomes `size`, the longer `trunc(size · long / short)` (torchvision `Resize(256)`).
 * `squash`: exactly `size` = [height, width], whatever the aspect ratio (torchvision `Resize((224, 224))`).
 * `none`: the size of the image.
 */
export type Resize =
  | { readonly mode: 'shorter-side'; readonly size: number; readonly filter: ResizeFilter }
  | {
      readonly mode: 'squash';
      readonly size: readonly [height: number, width: number];
      readonly filter: ResizeFilter;
    }
  | { readonly mode: 'none' };

/**
 * PIL's filters of the same names, bit for bit: antialiased when shrinking (all but `nearest`), in 8-bit fixed point.
 * torchvision's default is `bilinear`.
 */
export type ResizeFilter = 'nearest' | 'bilinear' | 'bicubic';

/**
 * `center`: torchvision's `CenterCrop` to [height, width], offset `(extent − size) / 2` rounded half to even; an image
 * smaller than the crop is padded with black. `none`: everything.
 */
export type Crop =
  | { readonly mode: 'center'; readonly size: readonly [height: number, width: number] }
  | { readonly mode: 'none' };
