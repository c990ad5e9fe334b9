import { didYouMean, OptionError } from '@hybridcam/core';
import {
  BACKGROUNDS,
  type BaselineName,
  type CurvePreset,
  type CurveProtocol,
  curvePresets,
  type MetricFacts,
  type MetricName,
  metricCost,
  metricFacts,
} from '@hybridcam/metrics';

export const metricNames = Object.keys(metricFacts) as readonly MetricName[];

/** What is measured, and under which protocol; everything here is part of each record's `preset`. */
export interface MetricPlan {
  readonly metrics: readonly MetricName[];
  readonly curvePreset: CurvePreset;
  /** Replaces the preset's grid by as many equal intervals. */
  readonly steps: number | undefined;
  /** Replaces both baselines of the preset. */
  readonly baseline: BaselineName | undefined;
}

export const baselineNames: readonly BaselineName[] = [
  'rise-blur',
  'heavy-blur',
  'zero',
  'mean',
  'black',
  'noise',
];

/** @throws OptionError with the nearest name */
export function metricNamed(name: string): MetricName {
  if (Object.hasOwn(metricFacts, name)) return name as MetricName;
  throw new OptionError(
    `--metric: expected a known metric; received "${name}".${didYouMean(name, metricNames) || ` Known: ${metricNames.join(', ')}.`}`,
  );
}

/** The curves' protocol after grid and baseline are replaced. The area between curves needs one baseline for both. */
export function curveProtocol(plan: MetricPlan, metric: MetricName): CurveProtocol {
  const named = curvePresets[plan.curvePreset];
  const preset = plan.steps === undefined ? named : { ...named, grid: { steps: plan.steps } };
  const both = plan.baseline ?? (metric === 'abpc' ? preset.deletionBaseline : undefined);
  return both ? { ...preset, insertionBaseline: both, deletionBaseline: both } : preset;
}

/** What a metric costs under the protocol that `presetName` names. */
export function costOfPreset(metric: MetricName, preset: string): MetricFacts['cost'] {
  const [curvePreset = '', ...changes] = preset.split('/');
  if (!Object.hasOwn(curvePresets, curvePreset)) return metricCost(metric);
  const steps = changes.flatMap((change) => /^(\d+) steps$/.exec(change)?.[1] ?? [])[0];
  const named = curvePresets[curvePreset as CurvePreset];
  return metricCost(metric, steps === undefined ? named : { ...named, grid: { steps: Number(steps) } });
}

/** The protocol in a word or two, as records carry it. */
export function presetName(plan: MetricPlan, metric: MetricName): string {
  switch (metric) {
    case 'insertion':
    case 'deletion':
    case 'abpc':
      return [
        plan.curvePreset,
        ...(plan.steps === undefined ? [] : [`${plan.steps} steps`]),
        ...(plan.baseline ? [plan.baseline] : []),
      ].join('/');
    case 'road':
      return '10..90%';
    case 'mu-fidelity':
      return '9x9, 20%, 200';
    case 'weight-randomisation':
      return 'all weights';
    case 'head-randomisation':
      return '20 draws';
    case 'class-sensitivity':
      return 'runner-up';
    case 'intervention':
      return 'parts removed';
    case 'background-independence':
      return `${BACKGROUNDS} backgrounds`;
    case 'clever-hans':
      return 'with − without mark';
    case 'pointing-game':
      return '15/224';
    case 'boundary-f-score':
      return '2%';
    default:
      return 'standard';
  }
}
