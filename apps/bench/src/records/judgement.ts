import type { MetricName } from '@hybridcam/metrics';

/** How the numbers of a run are judged, as asked for last: part of run.json, so that reporting again says the same. */
export interface Judgement {
  /** `--reference` */
  readonly reference?: string;
  /** `--holdout`: what alpha and layer are chosen by, on the half of the images that is not judged. */
  readonly holdout?: { readonly metric: MetricName; readonly preset: string };
  /** Set by `reproduce notebook`, whose report begins with the notebook's claims. */
  readonly notebook?: MethodTimes;
}

/** Milliseconds of one explanation by each method, one entry per image. */
export interface MethodTimes {
  readonly gradCam: readonly number[];
  readonly layerCam: readonly number[];
  readonly hybrid: readonly number[];
}
