// The front door: a model, a picture, an explanation. Everything else of the mathematics is re-exported for the options.

export * from '@hybridcam/core';
export { className } from './class-name.ts';
export {
  explain,
  explainMany,
  type ImageExplainOptions,
  type ImageRun,
  type ImageSourceLike,
} from './explain.ts';
export type { ImageExplanation, ImageExplanationRecord, ImageOverlayOptions } from './image-explanation.ts';
export { readLabels } from './labels.ts';
export { type LoadedModel, type LoadModelOptions, loadModel, type Runtime } from './load-model.ts';
export type { Picture } from './picture.ts';
export { createPlanFolder } from './plan-folder.ts';
export type { TfjsDevice } from './start-tfjs-device.ts';
