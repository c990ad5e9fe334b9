import { pack, topClasses } from '@hybridcam/core';
import type { ImageExplanation } from '../../image-explanation.ts';

/** How many classes `top` and the printed table hold. */
export const TOP_COUNT = 5;

/** Milliseconds. All explanations of one image share its decoding, its forward pass and, printed in sum, their maps. */
export interface Timing {
  /** From the file to the network's input. */
  readonly decode: number;
  readonly forward: number;
  /** Gradients and maps. */
  readonly map: number;
}

export interface ClassScore {
  readonly index: number;
  readonly label: string | null;
  /** null where the model gives only probabilities. */
  readonly logit: number | null;
  readonly probability: number;
}

/** What `--json` prints for one explanation. */
export interface JsonReport {
  readonly file: string;
  readonly model: string;
  /** Two names joined by a comma for the cross-layer hybrid, as `--layer` takes them; null for methods that look at none. */
  readonly layer: string | null;
  readonly method: string;
  readonly variant: string;
  /** Numbers of the method's own; null where it has none. */
  readonly settings: Readonly<Record<string, number | null>> | null;
  readonly alpha: number | null;
  readonly class: ClassScore | null;
  /** What of the class was explained, such as `logit(281)`. */
  readonly target: string;
  readonly top: readonly ClassScore[];
  readonly status: string;
  /** Of the map at layer size, after `--normalize`; `path` is null unless `cam` was saved. */
  readonly cam: {
    readonly path: string | null;
    readonly shape: readonly number[];
    readonly min: number;
    readonly max: number;
  };
  readonly ms: Timing;
}

/** The report of one explanation of `file`. */
export function jsonReport(
  file: string,
  explanation: ImageExplanation,
  labels: readonly string[] | undefined,
  camPath: string | undefined,
  timing: Timing,
): JsonReport {
  const { record, cam, classIndex } = explanation;
  const values = pack(cam);
  return {
    file,
    model: record.model.name,
    layer: record.targetLayers.length === 0 ? null : record.targetLayers.join(','),
    method: record.method.name,
    variant: record.method.variant,
    settings: record.method.settings ?? null,
    alpha: record.method.alpha,
    target: record.target.description,
    class: classIndex === undefined ? null : classScore(explanation, classIndex, labels),
    top: topScores(explanation, labels),
    status: explanation.status,
    cam: {
      path: camPath ?? null,
      shape: [...cam.shape],
      min: values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY),
      max: values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY),
    },
    ms: {
      decode: hundredths(timing.decode),
      forward: hundredths(timing.forward),
      map: hundredths(timing.map),
    },
  };
}

/** The best classes of the image, best first. */
export function topScores(
  explanation: ImageExplanation,
  labels: readonly string[] | undefined,
): ClassScore[] {
  const { logits, probabilities } = explanation.scores;
  return topClasses(pack(logits ?? probabilities), TOP_COUNT).map((index) =>
    classScore(explanation, index, labels),
  );
}

function classScore(
  { scores }: ImageExplanation,
  index: number,
  labels: readonly string[] | undefined,
): ClassScore {
  return {
    index,
    label: labels?.[index] ?? null,
    logit: scores.logits?.get(index) ?? null,
    probability: scores.probabilities.get(index),
  };
}

function hundredths(milliseconds: number): number {
  return Math.round(milliseconds * 100) / 100;
}
