// What a metric may know of a model

export { type BaselineName, type BaselineOptions, baseline } from './baseline.ts';
export type { SharedBaselineScores } from './baseline-score.ts';
// Complexity
export { entropy, sparseness } from './complexity.ts';
export { areaUnderCurve } from './faithfulness/area-under-curve.ts';
export { type AverageDrop, averageDrop } from './faithfulness/average-drop.ts';
export { imputeLinear } from './faithfulness/impute.ts';
// Faithfulness
export {
  areaBetweenPerturbationCurves,
  type Curve,
  type CurveMode,
  type CurveOptions,
  type CurvePreset,
  type CurveProtocol,
  curve,
  curvePresets,
  resolveProtocol,
} from './faithfulness/insertion-deletion.ts';
export { type MuFidelityOptions, muFidelity } from './faithfulness/mu-fidelity.ts';
export { imputeNoisy, ROAD_FRACTIONS, type Road, type RoadOptions, road } from './faithfulness/road.ts';
export { type StepGrid, stepCounts } from './faithfulness/step-grid.ts';
export { createImageCache, type ImageCache } from './image-cache.ts';
export { averagePrecision } from './localisation/average-precision.ts';
export { boundaryFScore } from './localisation/boundary-f-score.ts';
export { distractorMass, type Energy, energy } from './localisation/energy.ts';
// Localisation
export type { Box, Evidence } from './localisation/mask.ts';
export { pointingGame } from './localisation/pointing-game.ts';
export { type RankAccuracy, rankAccuracy } from './localisation/rank-accuracy.ts';
export { maskedScores } from './masked-scores.ts';
// Facts
export { metricCost } from './metric-cost.ts';
export { BACKGROUNDS, type MetricFacts, type MetricName, metricFacts } from './metric-facts.ts';
export { type PixelOrder, pixelOrder, reverseOrder } from './pixel-order.ts';
export { type SeededRandom, seededRandom } from './random.ts';
export { classSensitivity } from './sanity/class-sensitivity.ts';
export { type ChannelMethod, headRandomisation } from './sanity/head-randomisation.ts';
// Sanity
export { type MapSimilarity, mapSimilarity } from './sanity/map-similarity.ts';
export { structuralSimilarity } from './sanity/structural-similarity.ts';
export {
  type RandomisationStage,
  type RandomisedModel,
  weightRandomisation,
} from './sanity/weight-randomisation.ts';
export { backgroundIndependence } from './scenes/background-independence.ts';
export { type CleverHans, cleverHans, type MarkMass } from './scenes/clever-hans.ts';
// Scenes
export {
  type Intervention,
  intervention,
  type PartImportance,
  type RenderedPart,
} from './scenes/intervention.ts';
export { scoreOf, scoreRows } from './score-rows.ts';
export { type BootstrapOptions, bootstrapMean, type Interval, quantile } from './statistics/bootstrap.ts';
export {
  type ComparisonOptions,
  comparePaired,
  type PairedComparison,
  type Verdict,
} from './statistics/compare-paired.ts';
// Statistics
export { midRanks, pearson, spearman } from './statistics/correlation.ts';
export { type FriedmanTest, friedman } from './statistics/friedman.ts';
export { holm } from './statistics/holm.ts';
export { type FamilyComparison, judgeFamily } from './statistics/judge-family.ts';
export { type SignedRankTest, wilcoxonSignedRank } from './statistics/wilcoxon.ts';
export { wilsonInterval } from './statistics/wilson.ts';
export type {
  ExplainFunction,
  MaskedScoreFunction,
  ScoreFunction,
  ScoreOptions,
  Subject,
} from './subject.ts';
