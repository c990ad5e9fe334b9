import { OptionError } from '@hybridcam/core';
import type { PlannedRequest } from './plan-requests.ts';

/** What came of requests of which some may ask for a class rather than itself. */
export interface MeantResults<T> {
  /** The requests that were met, in their order. */
  readonly requests: readonly PlannedRequest[];
  readonly results: T;
  /** One sentence per class that was left out, and why. */
  readonly leftOut: readonly string[];
}

/**
 * Runs the requests. Where `top1`, `top2` … of an image turns out to be the class that `--target margin:CLASS` tells from others, there is
 * nothing to explain: then the other ones are run, which costs a second forward pass. (Such a class by index is refused before any
 * image, with the command line.)
 * @throws OptionError where no request remains; else as `run`
 */
export async function leaveOutSameClass<T>(
  requests: readonly PlannedRequest[],
  run: (requests: readonly PlannedRequest[]) => Promise<T>,
): Promise<MeantResults<T>> {
  let refused: Refusal | undefined;
  const watched = requests.map((planned) => watch(planned, (refusal) => (refused = refusal)));
  try {
    return { requests, results: await run(watched), leftOut: [] };
  } catch (error) {
    if (refused === undefined || refused.error !== error) throw error;
    const { planned, classIndex } = refused;
    const { classIndex: rank } = planned.request;
    // No other rank is this class, so that the others can be met.
    const remaining = requests.filter(({ request }) => request.classIndex !== rank);
    const why = `${rank} of this image is class ${classIndex}, the very class that --target tells others from`;
    if (remaining.length === 0) {
      throw new OptionError(
        `--target: expected a class to be told from another one; ${why}. Name the class to explain with --class INDEX.`,
      );
    }
    return { requests: remaining, results: await run(remaining), leftOut: [`${why}: left out.`] };
  }
}

interface Refusal {
  readonly planned: PlannedRequest;
  readonly classIndex: number;
  readonly error: OptionError;
}

/** The same request, which says what its target refused. All else that a target may refuse shows with the plan. */
function watch(planned: PlannedRequest, onRefusal: (refusal: Refusal) => void): PlannedRequest {
  const { target, classIndex: selector } = planned.request;
  if (typeof target !== 'function' || typeof selector !== 'string') return planned;
  const watched = (classIndex: number) => {
    try {
      return target(classIndex);
    } catch (error) {
      if (error instanceof OptionError) onRefusal({ planned, classIndex, error });
      throw error;
    }
  };
  return { ...planned, request: { ...planned.request, target: watched } };
}
