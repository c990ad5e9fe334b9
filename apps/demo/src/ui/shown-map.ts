import type { MethodName } from '@hybridcam/core';
import { classMap, type ReadyMap, readyMap } from '../maps.ts';
import type { Evidence } from '../protocol.ts';
import { isSlow } from '../text/method-facts.ts';
import type { View } from '../view.ts';

export interface ShownMap {
  readonly classIndex: number;
  readonly map: ReadyMap | undefined;
  /** Why there is none. */
  readonly problem: string | undefined;
}

/** The map on the stage: of the class under the pointer where all classes are known, else of the chosen class. */
export function shownMap({ evidence, hovered, state }: View): ShownMap | undefined {
  if (!evidence) return undefined;
  if (hovered !== undefined && hovered !== evidence.classIndex && evidence.classMaps) {
    return {
      classIndex: hovered,
      map: classMap(evidence.classMaps, hovered, state.alpha),
      problem: undefined,
    };
  }
  const map = readyMap(evidence, state.method, state.alpha);
  return {
    classIndex: evidence.classIndex,
    map,
    problem: map ? undefined : whyNoMap(evidence, state.method),
  };
}

function whyNoMap({ other, crossProblem }: Evidence, method: MethodName): string {
  const problem = method === 'cross-layer-hybrid' ? crossProblem : other?.problem;
  return problem ?? (isSlow(method) ? 'Not run yet: this method needs the network many times.' : 'Working…');
}
