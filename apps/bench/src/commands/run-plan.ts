import {
  defaultAlpha,
  type MethodCall,
  methodNames,
  normalizations,
  OptionError,
  refusedMethods,
} from '@hybridcam/core';
import type { PreprocessingOptions } from '@hybridcam/image';
import type { CurvePreset } from '@hybridcam/metrics';
import { curvePresets, metricFacts } from '@hybridcam/metrics';
import {
  channelValues,
  choiceValue,
  countValue,
  type FlagValues,
  listValue,
  type ModelOptions,
  methodCalls,
  modelOptions,
  numberValue,
  preprocessingOf,
} from 'hybridcam/command-kit';
import { type ControlName, controlNames } from '../evaluation/method-row.ts';
import { baselineNames, type MetricPlan, metricNamed, presetName } from '../evaluation/metric-plan.ts';
import { type EvaluatedSceneKind, sceneKinds } from '../images/scene-items.ts';
import { type QueueOptions, queueOptions } from '../queue/queue-options.ts';
import type { Judgement } from '../records/judgement.ts';
import type { runFlags } from './run-flags.ts';

/** A run as typed, checked as far as that goes without the model. */
export interface RunPlan {
  readonly images: string;
  /** undefined: single, where images are scenes. */
  readonly sceneKind: EvaluatedSceneKind | undefined;
  readonly model: string | undefined;
  /** What runs the model, and how it is opened. */
  readonly modelOptions: ModelOptions;
  readonly labels: string | undefined;
  readonly layers: readonly string[];
  readonly methods: readonly (MethodCall | ControlName)[];
  readonly classText: string;
  readonly metrics: MetricPlan;
  readonly score: 'probability' | 'logit';
  readonly reference: string | undefined;
  /** undefined: the model's own. */
  readonly preprocessing: PreprocessingOptions | undefined;
  readonly orientation: 'exif' | 'ignore';
  readonly normalize: (typeof normalizations)[number];
  readonly limit: number;
  /** What alpha and layer are chosen by, on images that are not judged; undefined: nothing is chosen. */
  readonly holdout: Judgement['holdout'];
  readonly seed: number;
  readonly batchSize: number | undefined;
  readonly shard: { readonly index: number; readonly count: number } | undefined;
  readonly out: string;
  readonly resume: boolean;
  readonly queue: QueueOptions | undefined;
  readonly quiet: boolean;
}

export function runPlan(flags: FlagValues<typeof runFlags>): RunPlan {
  const preprocessingFlags = [
    flags.preprocess,
    flags.resize,
    flags.crop,
    flags.mean,
    flags.std,
    flags.channels,
  ];
  const metrics = listValue('--metric', flags.metric ?? 'insertion,deletion').map(metricNamed);
  const metricPlan: MetricPlan = {
    metrics,
    curvePreset: choiceValue(
      '--metric-preset',
      flags['metric-preset'] ?? 'rise',
      Object.keys(curvePresets) as CurvePreset[],
    ),
    steps: flags.steps === undefined ? undefined : countValue('--steps', flags.steps),
    baseline:
      flags.baseline === undefined ? undefined : choiceValue('--baseline', flags.baseline, baselineNames),
  };
  const methods = methodList(flags);
  const layers = listValue('--layer', flags.layer ?? 'auto');
  return {
    images: flags.images ?? 'scenes:200',
    sceneKind:
      flags['scene-kind'] === undefined
        ? undefined
        : choiceValue('--scene-kind', flags['scene-kind'], sceneKinds),
    model: flags.model,
    modelOptions: modelOptions(flags),
    labels: flags.labels,
    layers,
    methods,
    classText: flags.class ?? 'top1',
    metrics: metricPlan,
    score: choiceValue('--score', flags.score ?? 'probability', ['probability', 'logit']),
    reference: flags.reference,
    preprocessing: preprocessingFlags.every((flag) => flag === undefined)
      ? undefined
      : preprocessingOf({
          preset: flags.preprocess,
          resize: flags.resize === undefined ? undefined : countValue('--resize', flags.resize),
          crop: flags.crop === undefined ? undefined : countValue('--crop', flags.crop),
          mean: flags.mean === undefined ? undefined : channelValues('--mean', flags.mean, 'any'),
          std: flags.std === undefined ? undefined : channelValues('--std', flags.std, 'positive'),
          channels:
            flags.channels === undefined
              ? undefined
              : choiceValue('--channels', flags.channels, ['rgb', 'bgr']),
        }),
    orientation: choiceValue('--orientation', flags.orientation ?? 'exif', ['exif', 'ignore']),
    normalize: choiceValue('--normalize', flags.normalize ?? 'max', normalizations),
    limit: flags.limit === undefined ? Number.POSITIVE_INFINITY : countValue('--limit', flags.limit),
    holdout: flags.holdout === true ? holdoutOf(methods, layers, metricPlan) : undefined,
    seed: flags.seed === undefined ? 0 : countValue('--seed', flags.seed, 0),
    batchSize:
      flags.batch === undefined || flags.batch === 'auto' ? undefined : countValue('--batch', flags.batch),
    shard: flags.shard === undefined ? undefined : shardOf(flags.shard),
    out: flags.out ?? './hybridcam-bench-out',
    resume: flags.resume === true,
    queue: queueOptions(flags, metrics),
    quiet: flags.quiet === true,
  };
}

/** How a run is to be judged, as its run.json keeps it. */
export function judgementOf({ reference, holdout }: RunPlan): Judgement {
  return { ...(reference === undefined ? {} : { reference }), ...(holdout ? { holdout } : {}) };
}

/** By the first metric that has a better end. @throws OptionError when there is nothing to choose, or nothing to choose by */
function holdoutOf(
  methods: readonly (MethodCall | ControlName)[],
  layers: readonly string[],
  plan: MetricPlan,
): Judgement['holdout'] {
  const alphas = new Set(methods.map((method) => (typeof method === 'string' ? undefined : method.alpha)));
  alphas.delete(undefined);
  if (alphas.size < 2 && layers.length < 2) {
    throw new OptionError(
      '--holdout: expected several alphas or layers to choose from, such as --alpha 0:1:0.1; received one or none.',
    );
  }
  const metric = plan.metrics.find((name) => metricFacts[name].direction !== 'descriptive');
  if (metric === undefined) {
    throw new OptionError(
      `--holdout: expected a metric to choose by, with a better end, such as insertion; received ${plan.metrics.join(', ')}.`,
    );
  }
  return { metric, preset: presetName(plan, metric) };
}

function methodList(flags: FlagValues<typeof runFlags>): (MethodCall | ControlName)[] {
  const typed = listValue('--method', flags.method ?? 'hybrid');
  const isControl = (name: string): name is ControlName => (controlNames as readonly string[]).includes(name);
  const mixes = (text: string) => /^(cross-layer-)?hybrid(:|$)/.test(text);
  const alphas = alphaList(flags.alpha ?? String(defaultAlpha)).join(',');
  if (flags.alpha !== undefined && !typed.some(mixes)) {
    throw new OptionError(
      `--alpha: expected hybrid or cross-layer-hybrid among the methods; received ${typed.join(', ')}, where it would do nothing.`,
    );
  }
  if (typed.every(isControl))
    throw new OptionError('--method: expected one method or more beside the controls.');
  return typed.flatMap((text): (MethodCall | ControlName)[] => {
    if (isControl(text)) return [text];
    const [name = ''] = text.split(':');
    if (!refusedMethods.has(name)) choiceValue('--method', name, [...methodNames, ...controlNames]);
    return methodCalls(text, mixes(text) ? alphas : undefined);
  });
}

/** `0,0.5,1` or `0:1:0.1`; a range is counted in whole steps, so that 0.7 is 0.7 and not 0.7000000000000001. */
export function alphaList(text: string): number[] {
  const range = /^([^:]+):([^:]+):([^:]+)$/.exec(text);
  if (!range) {
    const alphas = listValue('--alpha', text).map((item) => numberValue('--alpha', item, { min: 0, max: 1 }));
    if (new Set(alphas).size < alphas.length)
      throw new OptionError(`--alpha: expected each value once; received "${text}".`);
    return alphas;
  }
  const [low, high, step] = range
    .slice(1)
    .map((item) => numberValue('--alpha', item, { min: 0, max: 1 })) as [number, number, number];
  const count = Math.round((high - low) / step);
  if (!(step > 0 && low <= high && count <= 1000)) {
    throw new OptionError(`--alpha: expected LOW:HIGH:STEP with a positive step; received "${text}".`);
  }
  return Array.from({ length: count + 1 }, (_, i) => Number((low + i * step).toFixed(6)));
}

function shardOf(text: string): { index: number; count: number } {
  const [, index, count] = /^(\d{1,6})\/(\d{1,6})$/.exec(text)?.map(Number) ?? [];
  if (index === undefined || count === undefined || index < 1 || index > count) {
    throw new OptionError(`--shard: expected I/N with 1 ≤ I ≤ N; received "${text}".`);
  }
  return { index: index - 1, count };
}
