export {
  type Extent,
  type Frame,
  type Geometry,
  inputGeometry,
  type Point,
  toInput,
  toOriginal,
} from './geometry.ts';
export type { Image, ImageSource, Orientation } from './image.ts';
export { type PlacedMap, placeOnOriginal, type Rectangle } from './place-on-original.ts';
export { maxInputPixels, type Preprocessed, preprocess } from './preprocess.ts';
export type { Crop, Preprocessing, Resize, ResizeFilter } from './preprocessing.ts';
export { defaultPreset, type PresetName, presets } from './presets.ts';
export { resizeImage } from './resize-image.ts';
export {
  type CropOptions,
  type PreprocessingOptions,
  type ResizeOptions,
  resolvePreprocessing,
} from './resolve-preprocessing.ts';
export { withInputSize } from './with-input-size.ts';
