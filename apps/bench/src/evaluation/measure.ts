import type { ArrayView } from '@hybridcam/core';
import type { Preprocessing } from '@hybridcam/image';
import {
  type AverageDrop,
  areaBetweenPerturbationCurves,
  averageDrop,
  averagePrecision,
  boundaryFScore,
  curve,
  distractorMass,
  energy,
  entropy,
  type ImageCache,
  type MapSimilarity,
  type MetricName,
  metricFacts,
  muFidelity,
  pointingGame,
  rankAccuracy,
  road,
  type Subject,
  sparseness,
} from '@hybridcam/metrics';
import type { Truth } from '../images/image-item.ts';
import { curveProtocol, type MetricPlan } from './metric-plan.ts';
import { RANDOMISED_SHARES } from './randomised-models.ts';
import type { MapSanity } from './sanity-checks.ts';
import type { SceneChecks } from './scene-checks.ts';

/** One image, ready to be measured; caches are shared by all maps of it. */
export interface MeasuredImage {
  readonly subject: Subject;
  /** [channels, height, width] */
  readonly input: ArrayView;
  readonly classIndex: number;
  readonly inputScore: number;
  readonly preprocessing: Preprocessing;
  readonly truth: Truth | undefined;
  readonly cache: ImageCache;
  readonly seed: number;
}

/** The map at both of its sizes: as the network's input sees it, and back on the original picture, where truth lies. */
export interface MeasuredMap {
  readonly saliencyMap: ArrayView;
  readonly onPicture: () => ArrayView;
  /** Drop, increase and gain share one forward pass: computed when first asked for. */
  readonly averageDrop: () => Promise<AverageDrop>;
  /** undefined for a map that no method made. */
  readonly sanity: MapSanity | undefined;
  /** undefined for a picture that is no scene. */
  readonly scene: SceneChecks | undefined;
}

/** Both sizes and the shared results of a map, each made when first needed. */
export function measuredMap(
  image: MeasuredImage,
  saliencyMap: ArrayView,
  place: (map: ArrayView) => ArrayView,
  sanity: MapSanity | undefined,
  scene: SceneChecks | undefined,
): MeasuredMap {
  let placed: ArrayView | undefined;
  let drop: Promise<AverageDrop> | undefined;
  return {
    saliencyMap,
    sanity,
    scene,
    onPicture: () => {
      placed ??= place(saliencyMap);
      return placed;
    },
    averageDrop: () => {
      drop ??= averageDrop(image.subject, image.input, image.classIndex, saliencyMap, {
        inputScore: image.inputScore,
      });
      return drop;
    },
  };
}

export interface Measurement {
  /** undefined where the metric does not exist for this map; `flags` says why. */
  readonly value: number | undefined;
  readonly flags: readonly string[];
  readonly f0?: number;
  readonly f1?: number;
  readonly normalized?: number | undefined;
  readonly ties?: number;
  readonly curve?: { readonly x: readonly number[]; readonly y: readonly number[] };
}

/** Above this share of ties the order of pixels, and so the curve, is largely the tie rule's. */
const MANY_TIES = 0.05;
/** A baseline that still gives the class this probability leaks it. */
const LEAKY_BASELINE = 0.05;

export async function measure(
  metric: MetricName,
  plan: MetricPlan,
  image: MeasuredImage,
  map: MeasuredMap,
): Promise<Measurement> {
  const { subject, input, classIndex } = image;
  if (metricFacts[metric].needsEvidence) return localise(metric, image, map);
  switch (metric) {
    case 'insertion':
    case 'deletion': {
      const result = await curve(subject, input, classIndex, map.saliencyMap, {
        mode: metric,
        protocol: curveProtocol(plan, metric),
        cache: image.cache,
        ...blackOf(image.preprocessing),
        seed: image.seed,
      });
      return {
        value: result.auc,
        f0: result.baselineScore,
        f1: result.inputScore,
        normalized: result.normalizedAuc,
        ties: result.tieFraction,
        curve: { x: result.fractions, y: result.scores },
        flags: [
          ...(result.tieFraction > MANY_TIES ? ['many-ties'] : []),
          ...(subject.scoreKind === 'probability' && result.baselineScore > LEAKY_BASELINE
            ? ['leaky-baseline']
            : []),
        ],
      };
    }
    case 'abpc':
      return found(
        await areaBetweenPerturbationCurves(subject, input, classIndex, map.saliencyMap, {
          protocol: curveProtocol(plan, metric),
          cache: image.cache,
          ...blackOf(image.preprocessing),
          seed: image.seed,
        }),
      );
    case 'average-drop':
    case 'average-increase':
    case 'average-gain': {
      if (subject.scoreKind === 'logit') return absent('needs-probability');
      const result = await map.averageDrop();
      const part =
        metric === 'average-drop'
          ? result.drop
          : metric === 'average-increase'
            ? result.increase
            : result.gain;
      return found(part);
    }
    case 'road': {
      const noise = image.preprocessing.std.map((std) => (0.01 * 255) / (image.preprocessing.divisor * std));
      const result = await road(subject, input, classIndex, map.saliencyMap, {
        noise,
        seed: image.seed,
        cache: image.cache,
      });
      return { ...found(result.combined), ties: result.tieFraction };
    }
    case 'mu-fidelity':
      return orAbsent(
        await muFidelity(subject, input, classIndex, map.saliencyMap, {
          seed: image.seed,
          cache: image.cache,
        }),
        'constant-map',
      );
    case 'weight-randomisation':
    case 'head-randomisation':
    case 'class-sensitivity':
      return map.sanity ? sanity(metric, map.sanity) : absent('no-method');
    case 'intervention':
    case 'background-independence':
    case 'clever-hans':
      return map.scene ? varied(metric, map.scene, map) : absent('no-scene');
    case 'sparseness':
      return orAbsent(sparseness(map.saliencyMap), 'empty-map');
    case 'entropy':
      return orAbsent(entropy(map.saliencyMap), 'empty-map');
    default:
      throw new Error(`measure: metric ${metric} has no measurement.`);
  }
}

/** Likeness is Spearman's correlation; it does not exist where either map is constant. */
async function sanity(
  metric: 'weight-randomisation' | 'head-randomisation' | 'class-sensitivity',
  checks: MapSanity,
): Promise<Measurement> {
  const likeness = ({ spearman }: MapSimilarity) => spearman ?? Number.NaN;
  switch (metric) {
    case 'class-sensitivity':
      return orAbsent((await checks.classSensitivity())?.spearman, 'constant-map');
    case 'head-randomisation': {
      const draws = (await checks.headRandomisation())?.map(likeness);
      if (!draws) return absent('no-linear-head');
      const mean = draws.reduce((sum, value) => sum + value, 0) / draws.length;
      return orAbsent(Number.isNaN(mean) ? undefined : mean, 'constant-map');
    }
    case 'weight-randomisation': {
      const stages = (await checks.weightRandomisation()).map(likeness);
      if (stages.some(Number.isNaN)) return absent('constant-map');
      return { ...found(stages.at(-1)), curve: { x: [0, ...RANDOMISED_SHARES], y: [1, ...stages] } };
    }
  }
}

/** What drawing a scene again tells. */
async function varied(
  metric: 'intervention' | 'background-independence' | 'clever-hans',
  checks: SceneChecks,
  map: MeasuredMap,
): Promise<Measurement> {
  switch (metric) {
    case 'intervention':
      return orAbsent(await checks.intervention(map.onPicture()), 'too-few-parts');
    case 'background-independence':
      return found(await checks.backgroundIndependence());
    case 'clever-hans': {
      const mass = await checks.cleverHans(map.onPicture());
      return typeof mass === 'number' ? found(mass) : absent(mass);
    }
  }
}

function localise(metric: MetricName, { truth }: MeasuredImage, map: MeasuredMap): Measurement {
  if (!truth?.evidence) return absent('no-mask');
  const picture = map.onPicture();
  switch (metric) {
    case 'energy':
      return orAbsent(energy(picture, truth.evidence)?.energy, 'empty-map');
    case 'energy-lift':
      return orAbsent(energy(picture, truth.evidence)?.lift, 'empty-map');
    case 'rank-accuracy':
      return found(rankAccuracy(picture, truth.evidence).rankAccuracy);
    case 'iou':
      return found(rankAccuracy(picture, truth.evidence).iou);
    case 'pointing-game':
      return found(pointingGame(picture, truth.evidence));
    case 'average-precision':
      return found(averagePrecision(picture, truth.evidence));
    case 'boundary-f-score':
      return found(boundaryFScore(picture, truth.evidence));
    case 'distractor-mass': {
      if (truth.distractors.length === 0) return absent('no-distractor');
      const shares = distractorMass(picture, truth.distractors);
      return orAbsent(
        shares?.reduce((sum, share) => sum + share, 0),
        'empty-map',
      );
    }
    default:
      throw new Error(`localise: metric ${metric} has no measurement.`);
  }
}

function found(value: number | undefined): Measurement {
  return { value, flags: [] };
}

function absent(flag: string): Measurement {
  return { value: undefined, flags: [flag] };
}

function orAbsent(value: number | undefined, flag: string): Measurement {
  return value === undefined ? absent(flag) : found(value);
}

/** The preprocessed value of a black pixel, per channel of the model. */
function blackOf({ mean, std }: Preprocessing): { black: number[] } {
  return { black: mean.map((value, channel) => (0 - value) / std[channel]!) };
}
