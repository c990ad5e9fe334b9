export type { NdArray } from 'ndarray';
export { allFinite } from './all-finite.ts';
export * from './errors.ts';
export { augmentationCount } from './explain/augmentation-smoothing.ts';
export { crossLayers } from './explain/cross-layers.ts';
export type { ExplainRequest } from './explain/explain-request.ts';
export type { Explanation, ExplanationRecord, MapRange, Scores } from './explain/explanation.ts';
export { forwardCount } from './explain/forward-count.ts';
export { type Plan, planRequest } from './explain/plan-request.ts';
export {
  type ExplainOptions,
  type ExplainProgress,
  type ExplainRun,
  explain,
  explainMany,
} from './explain.ts';
export type { EvaluateTarget, ForwardRun } from './forwards/evaluate-target.ts';
export type { Status } from './kernels/cells-status.ts';
export { type Normalization, normalizations } from './kernels/normalized.ts';
export type { TokenPlaces } from './kernels/token-map.ts';
export { layerNotFound } from './layer-not-found.ts';
export { eigenSmooth } from './map/eigen-smooth.ts';
export {
  type EvidenceLedger,
  evidenceLedger,
  type LedgerEntry,
  targetWeights,
  topCells,
} from './map/evidence-ledger.ts';
export { type FuseOptions, fuse } from './map/fuse.ts';
export {
  type CellFusion,
  fuseLayers,
  type LayerFusion,
  layerFusions,
  tanhScaled,
} from './map/fuse-layers.ts';
export { type NormalizeOptions, normalize } from './map/normalize.ts';
export { mapStatus, statusSentences } from './map/status.ts';
export { upsample } from './map/upsample.ts';
export {
  type AblationCamOptions,
  type AblationCamVariant,
  ablationCam,
  ablationCamByRuns,
  type EvaluateTail,
} from './methods/ablation-cam.ts';
export { allClassMaps, type ClassMaps } from './methods/all-class-maps.ts';
export { type AttentionRolloutOptions, attentionRollout } from './methods/attention-rollout.ts';
export { type CamOptions, cam } from './methods/cam.ts';
export { centredMap, randomMap } from './methods/control-maps.ts';
export {
  type CrossLayerHybridCamOptions,
  crossLayerHybridCam,
  type LayerEvidence,
} from './methods/cross-layer-hybrid-cam.ts';
export { eigenCam } from './methods/eigen-cam.ts';
export { eigenGradCam } from './methods/eigen-grad-cam.ts';
export { elementWiseGradCam } from './methods/element-wise-grad-cam.ts';
export { type FemOptions, type FemVariant, fem } from './methods/fem.ts';
export { type BiasLayer, type FullGradOptions, type FullGradVariant, fullGrad } from './methods/full-grad.ts';
export { gradCam } from './methods/grad-cam.ts';
export {
  type GradCamPlusPlusOptions,
  type GradCamPlusPlusVariant,
  gradCamPlusPlus,
} from './methods/grad-cam-plus-plus.ts';
export { hiResCam } from './methods/hi-res-cam.ts';
export { defaultAlpha, type HybridCamOptions, hybridCam, hybridCams } from './methods/hybrid-cam.ts';
export { type IsCamOptions, type IsCamVariant, isCam } from './methods/is-cam.ts';
export { layerCam } from './methods/layer-cam.ts';
export { leGrad } from './methods/le-grad.ts';
export { crossLayerHybrid, hybrid, type MethodCall } from './methods/method-call.ts';
export { type MethodName, methodNames } from './methods/method-table.ts';
export { type MethodInfo, methods } from './methods/methods.ts';
export { type OcclusionOptions, occlusion } from './methods/occlusion.ts';
export { refusedMethods } from './methods/refused-methods.ts';
export { type RiseOptions, rise } from './methods/rise.ts';
export { type ScoreCamOptions, type ScoreCamVariant, scoreCam } from './methods/score-cam.ts';
export { shapleyCam, shapleyCotangent } from './methods/shapley-cam.ts';
export {
  type NoisySample,
  type SmoothGradCamPlusPlusOptions,
  type SmoothGradCamPlusPlusVariant,
  smoothGradCamPlusPlus,
} from './methods/smooth-grad-cam-plus-plus.ts';
export { type SsCamOptions, ssCam } from './methods/ss-cam.ts';
export { type XGradCamOptions, type XGradCamVariant, xGradCam } from './methods/x-grad-cam.ts';
export type * from './model.ts';
export { didYouMean, nearest } from './nearest.ts';
export { type Preset, type PresetName, presets } from './presets.ts';
export { binaryScore } from './target/binary-score.ts';
export { type Box, type BoxScoreOptions, boxScore } from './target/box-score.ts';
export { counterfactual } from './target/counterfactual.ts';
export { type CustomTargetOptions, customTarget } from './target/custom-target.ts';
export { embeddingSimilarity } from './target/embedding-similarity.ts';
export { type FinerOptions, finer } from './target/finer.ts';
export { logit } from './target/logit.ts';
export { margin } from './target/margin.ts';
export { multiLabel } from './target/multi-label.ts';
export { probability } from './target/probability.ts';
export { type RegionMeanOptions, regionMean } from './target/region-mean.ts';
export { type ClassSelector, resolveClass } from './target/resolve-class.ts';
export { rest } from './target/rest.ts';
export { argmax, toProbabilities } from './target/scores.ts';
export type { ScoreKind, Target } from './target/target.ts';
export { topClasses } from './target/top-classes.ts';
export { version } from './version.ts';
export { type ArrayView, pack, view } from './view.ts';
