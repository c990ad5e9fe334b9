import { type ArrayView, OptionError, ShapeError } from '@hybridcam/core';
import { type BaselineName, type BaselineOptions, baseline } from '../baseline.ts';
import { baselineScore } from '../baseline-score.ts';
import { createImageCache, type ImageCache, inputScoreName } from '../image-cache.ts';
import { maskedScores } from '../masked-scores.ts';
import { reverseOrder, sameOrder } from '../pixel-order.ts';
import { scoreOf } from '../score-rows.ts';
import type { Subject } from '../subject.ts';
import { areaUnderCurve } from './area-under-curve.ts';
import { type StepGrid, stepCounts } from './step-grid.ts';

/** The protocol of a curve. Every number carries it: the baseline alone moves an AUC more than any method does. */
export interface CurveProtocol {
  readonly grid: StepGrid;
  readonly insertionBaseline: BaselineName;
  readonly deletionBaseline: BaselineName;
  readonly areaWeighting: 'uniform' | 'fractions';
}

/**
 * `rise`: 28 intervals of 224·8 pixels at 224×224 (the paper's reported numbers), `rise-full`: a row of pixels at a time (225
 * points), both with RISE's blur for insertion and zero (mean colour) for deletion; `torchcam`: 20 steps, zero for both, true
 * fractions. At other input sizes the number of intervals is kept, not the number of pixels.
 */
export const curvePresets: Readonly<Record<'rise' | 'rise-full' | 'torchcam', CurveProtocol>> = {
  rise: {
    grid: { steps: 28 },
    insertionBaseline: 'rise-blur',
    deletionBaseline: 'zero',
    areaWeighting: 'uniform',
  },
  'rise-full': {
    grid: { steps: 224 },
    insertionBaseline: 'rise-blur',
    deletionBaseline: 'zero',
    areaWeighting: 'uniform',
  },
  torchcam: {
    grid: { steps: 20 },
    insertionBaseline: 'zero',
    deletionBaseline: 'zero',
    areaWeighting: 'fractions',
  },
};

export type CurvePreset = keyof typeof curvePresets;
/** `deletion` removes pixels from the image; `insertion` shows them on the baseline. */
export type CurveMode = 'insertion' | 'deletion';

export interface Curve {
  readonly mode: CurveMode;
  /** Most or least relevant pixels first. */
  readonly order: 'most-relevant-first' | 'least-relevant-first';
  /** Share of pixels changed, 0 … 1, both ends included. */
  readonly fractions: readonly number[];
  readonly scores: readonly number[];
  /** Mean score along the curve (trapezoid). Insertion: higher is better; deletion: lower. */
  readonly auc: number;
  /** (auc − f(baseline)) / (f(x) − f(baseline)): comparable across confidences. Undefined where |f(x) − f(baseline)| < 0.05. */
  readonly normalizedAuc: number | undefined;
  readonly inputScore: number;
  readonly baselineScore: number;
  readonly tieFraction: number;
  /** |T_h − T_2h|, how much the trapezoid moves on every second point: an indicator of the quadrature error, not a bound. */
  readonly quadratureIndicator: number | undefined;
}

export interface CurveOptions extends BaselineOptions {
  readonly mode: CurveMode;
  /** A preset's name or a protocol. Default `rise`. */
  readonly protocol?: CurvePreset | CurveProtocol;
  /** Default `most-relevant-first`. */
  readonly order?: 'most-relevant-first' | 'least-relevant-first';
  /** Share one between all metrics of the same input, class and subject. */
  readonly cache?: ImageCache;
}

/** The protocol for a preset's name. @throws OptionError for an unknown name */
export function resolveProtocol(protocol: CurvePreset | CurveProtocol = 'rise'): CurveProtocol {
  if (typeof protocol !== 'string') return protocol;
  const preset = Object.hasOwn(curvePresets, protocol) ? curvePresets[protocol] : undefined;
  if (!preset) {
    throw new OptionError(
      `curve: unknown preset "${protocol}". Known: ${Object.keys(curvePresets).join(', ')}.`,
    );
  }
  return preset;
}

/**
 * The score of a class while an input's [channels, height, width] pixels are shown or removed in the order of `map`
 * [height, width].
 *
 * Petsiuk et al., RISE, BMVC 2018. The class is frozen; only the map's ranks matter; ties go in raster order.
 * @throws ShapeError when map and input differ in size; NonFiniteError when the map has NaN
 */
export async function curve(
  subject: Subject,
  input: ArrayView,
  classIndex: number,
  map: ArrayView,
  options: CurveOptions,
): Promise<Curve> {
  const protocol = resolveProtocol(options.protocol);
  const cache = options.cache ?? createImageCache();
  const [height, width] = [input.shape[1], input.shape[2]];
  if (input.shape.length !== 3 || map.shape[0] !== height || map.shape[1] !== width) {
    throw new ShapeError(
      `curve: expected a map of the input's size [${height}, ${width}]; received [${map.shape}]. Upsample the cam first.`,
    );
  }
  const orderName = options.order ?? 'most-relevant-first';
  const ranked = cache.orderOf(map);
  const order = orderName === 'most-relevant-first' ? ranked : reverseOrder(ranked);
  const baselineName = options.mode === 'insertion' ? protocol.insertionBaseline : protocol.deletionBaseline;
  const baselineKey = `${baselineName}:${options.seed ?? 0}`;
  const curveKey = [
    options.mode,
    baselineKey,
    JSON.stringify(protocol.grid),
    protocol.areaWeighting,
    classIndex,
  ].join('|');
  const alike = cache.curves.get(curveKey) ?? [];
  const known = alike.find((other) => sameOrder(other.order, order));
  if (known) return { ...known.curve, order: orderName };

  const empty = cache.baselines.get(baselineKey) ?? baseline(input, baselineName, options);
  cache.baselines.set(baselineKey, empty);
  const inputScore = await cache.score(inputScoreName(classIndex), () => scoreOf(subject, input, classIndex));
  const emptyScore = await cache.score(`${baselineKey}|${classIndex}`, () =>
    baselineScore(subject, empty, baselineName, options, classIndex, cache.sharedBaselineScores),
  );
  const pixels = height! * width!;
  const counts = stepCounts(protocol.grid, pixels);
  const [start, finish] = options.mode === 'insertion' ? [empty, input] : [input, empty];
  const inner = await maskedScores(subject, start, finish, order.ranks, counts.slice(1, -1), classIndex);
  const ends = options.mode === 'insertion' ? [emptyScore, inputScore] : [inputScore, emptyScore];
  const scores = [ends[0]!, ...inner, ends[1]!];
  const fractions = counts.map((count) => count / pixels);
  const auc = areaUnderCurve(fractions, scores, protocol.areaWeighting);
  const spread = inputScore - emptyScore;
  const result: Curve = {
    mode: options.mode,
    order: orderName,
    fractions,
    scores,
    auc,
    normalizedAuc: Math.abs(spread) < 0.05 ? undefined : (auc - emptyScore) / spread,
    inputScore,
    baselineScore: emptyScore,
    tieFraction: order.tieFraction,
    quadratureIndicator: quadratureIndicator(fractions, scores, protocol.areaWeighting, auc),
  };
  cache.curves.set(curveKey, [...alike, { order, curve: result }]);
  return result;
}

/**
 * Area between the least-relevant-first and the most-relevant-first deletion curve with one baseline; higher is better. The
 * former is the mirror image of insertion on that baseline, so it costs no third curve: ABPC = insertionAuc − deletionAuc.
 * @throws OptionError when the protocol has two different baselines
 */
export async function areaBetweenPerturbationCurves(
  subject: Subject,
  input: ArrayView,
  classIndex: number,
  map: ArrayView,
  options: Omit<CurveOptions, 'mode' | 'order'>,
): Promise<number> {
  const protocol = resolveProtocol(options.protocol);
  if (protocol.insertionBaseline !== protocol.deletionBaseline) {
    throw new OptionError(
      `areaBetweenPerturbationCurves: expected one baseline for both curves; received ${protocol.insertionBaseline} and ${protocol.deletionBaseline}. Pass a protocol with the same name twice.`,
    );
  }
  const cache = options.cache ?? createImageCache();
  const insertion = await curve(subject, input, classIndex, map, { ...options, cache, mode: 'insertion' });
  const deletion = await curve(subject, input, classIndex, map, { ...options, cache, mode: 'deletion' });
  return insertion.auc - deletion.auc;
}

function quadratureIndicator(
  fractions: readonly number[],
  scores: readonly number[],
  weighting: 'uniform' | 'fractions',
  auc: number,
): number | undefined {
  if (scores.length < 5 || scores.length % 2 === 0) return undefined;
  const everySecond = (_: number, i: number) => i % 2 === 0;
  const coarse = areaUnderCurve(fractions.filter(everySecond), scores.filter(everySecond), weighting);
  return Math.abs(auc - coarse);
}
