import { basename } from 'node:path';
import { performance } from 'node:perf_hooks';
import { decode } from '@hybridcam/image/node';
import { explainDecoded } from '../../explain.ts';
import type { ImageExplanation } from '../../image-explanation.ts';
import type { LoadedModel } from '../../load-model.ts';
import type { Timing } from './json-report.ts';
import { leaveOutSameClass } from './leave-out-same-class.ts';
import type { PlannedRequest } from './plan-requests.ts';

/** Explanations of one image file, in the order of the requests, and the time they took. */
export interface ExplainedFile {
  readonly explanations: readonly ImageExplanation[];
  /** The request of each: all, but for those that make no sense for this image. */
  readonly requests: readonly PlannedRequest[];
  /** Why requests are missing. */
  readonly leftOut: readonly string[];
  readonly timing: Timing;
}

/**
 * Decodes one file and explains it: one forward pass, whatever the number of requests, unless one is left out.
 * @throws as `explain`; OptionError where all are left out
 */
export async function explainFile(
  model: LoadedModel,
  path: string,
  requests: readonly PlannedRequest[],
  options: {
    readonly orientation: 'exif' | 'ignore';
    readonly signal: AbortSignal;
    readonly batchSize: number | undefined;
    /** How far a method is that runs the model many times. */
    readonly onEvaluations: (done: number, total: number) => void;
  },
): Promise<ExplainedFile> {
  const { orientation, signal, batchSize, onEvaluations } = options;
  const started = performance.now();
  const image = await decode(path, { orientation, signal });
  let inputAt = started;
  let scoresAt = started;
  const { results, ...met } = await leaveOutSameClass(requests, (asked) =>
    explainDecoded(
      model,
      image,
      basename(path),
      asked.map(({ request }) => request),
      {
        signal,
        batchSize,
        onInput: () => {
          if (inputAt === started) inputAt = performance.now();
        },
        onProgress: ({ step, done, total }) => {
          if (step === 'forward') scoresAt = performance.now();
          if (step === 'evaluations') onEvaluations(done, total);
        },
      },
    ),
  );
  const timing = {
    decode: inputAt - started,
    forward: scoresAt - inputAt,
    map: performance.now() - scoresAt,
  };
  return { explanations: results, ...met, timing };
}
