import type { Model } from '@hybridcam/core';
import type { Preprocessing } from '@hybridcam/image';
import type { SharedBaselineScores } from '@hybridcam/metrics';
import type { MethodRow } from './method-row.ts';
import type { MetricPlan } from './metric-plan.ts';
import type { CountedSubject } from './model-subject.ts';
import type { RandomisedModel } from './randomised-models.ts';

/** What stays the same for all images of a run. */
export interface Evaluation {
  readonly model: Model;
  readonly preprocessing: Preprocessing;
  readonly subject: CountedSubject;
  readonly baselineScores: SharedBaselineScores;
  readonly rows: readonly MethodRow[];
  /** Empty unless weights are to be randomised. */
  readonly randomised: readonly RandomisedModel[];
  readonly plan: MetricPlan;
  readonly protocolHash: string;
  readonly seed: number;
  /** Whether the run still has room for pictures of the next image. */
  readonly keepsPictures: () => boolean;
  readonly signal?: AbortSignal;
}
