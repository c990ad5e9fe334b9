export type { Rgb } from './color.ts';
export { distractorNames } from './distractor-shapes.ts';
export { type ExampleScene, exampleScenes } from './example-scenes.ts';
export { generateScene } from './generate-scene.ts';
export { heldOutSeed } from './held-out-seed.ts';
export { loadScenesNetwork, loadScenesWeights } from './load-scenes-network.ts';
export { sceneClasses } from './object-shapes.ts';
export { renderScene, type Scene, type SceneImage, type SceneRegion } from './render-scene.ts';
export {
  readSafetensors,
  type Safetensors,
  type SafetensorsTensor,
  type SafetensorsType,
  tensorToFloat32,
} from './safetensors.ts';
export { sampleBackground } from './sample-background.ts';
export { type SceneOptions, sampleScene } from './sample-scene.ts';
export { type RegionManifest, type SceneManifest, sceneManifest } from './scene-manifest.ts';
export {
  type BackgroundFamily,
  type BackgroundSpec,
  backgroundFamilies,
  type ClutterSpec,
  type FigureSpec,
  type LightingSpec,
  type MarkCorner,
  type MarkSpec,
  type MarkVariant,
  markCorners,
  type NoiseSpec,
  type SceneKind,
  type SceneSpec,
  type SurfaceTexture,
  surfaceTextures,
} from './scene-spec.ts';
export { readScenesNetwork, type ScenesNetwork, type ScenesStep } from './scenes-network.ts';
export {
  type SceneFactor,
  withFactor,
  withMovedMark,
  withoutObject,
  withSwappedBackground,
} from './with-factor.ts';
