import type { MethodName } from '@hybridcam/core';
import { classMap } from '../class-map.ts';
import { methodFacts } from '../facts/method-facts.ts';
import { type ReadyMap, readyMap } from '../maps.ts';
import type { Evidence } from '../protocol.ts';
import { className } from '../text/format.ts';
import { isSlow } from '../text/method-facts.ts';
import type { View } from '../view.ts';

export interface ShownMap {
  readonly classIndex: number;
  /** The class that the map is a contrast with. */
  readonly against: number | undefined;
  readonly map: ReadyMap | undefined;
  /** Why there is none. */
  readonly problem: string | undefined;
  /** What a visitor must know who points at a class: where the map is not the chosen method's, or not that class's. */
  readonly note: string | undefined;
}

type Mapped = Pick<View, 'evidence' | 'hovered' | 'state' | 'labels' | 'source'>;

/** The map on the stage: of the class under the pointer where that follows from what is known, else of the chosen class. */
export function shownMap(view: Mapped): ShownMap | undefined {
  const { evidence, hovered, state } = view;
  if (!evidence) return undefined;
  const map = readyMap(evidence, state.method, state.alpha);
  const chosen: ShownMap = {
    classIndex: evidence.classIndex,
    against: evidence.against,
    map,
    problem: map ? undefined : whyNoMap(evidence, state.method),
    note: undefined,
  };
  if (hovered === undefined || hovered === evidence.classIndex) return chosen;
  return hoveredMap(view, evidence, hovered, chosen);
}

function hoveredMap(
  { state, labels, source }: Mapped,
  evidence: Evidence,
  hovered: number,
  chosen: ShownMap,
): ShownMap {
  const { method, alpha } = state;
  const name = className(labels, hovered);
  const { title, needs } = methodFacts[method];
  // A class is no contrast with itself: choosing it drops the contrast, as explaining does.
  const against = evidence.against === hovered ? undefined : evidence.against;
  const other = { classIndex: hovered, against, problem: undefined };
  if (needs === 'activations' && chosen.map)
    return { ...chosen, ...other, note: `${title} is the same for every class.` };
  if (!evidence.classMaps) {
    const note =
      source === 'shipped'
        ? `The map of ${name} comes with the network, which is not running yet.`
        : `${name} needs a click: at this layer its map cannot be had without the network.`;
    return { ...chosen, note };
  }
  const own = classMap(evidence.classMaps, { classIndex: hovered, against, method, alpha });
  if (own) return { ...other, map: own, note: undefined };
  const wanted =
    against === undefined ? title : `${title} of ${name} rather than ${className(labels, against)}`;
  return {
    ...other,
    against: undefined,
    map: classMap(evidence.classMaps, { classIndex: hovered, against: undefined, method: 'hybrid', alpha }),
    note: `Preview: hybrid${against === undefined ? '' : ' of this class alone'}; click for ${wanted}.`,
  };
}

function whyNoMap({ other, crossProblem, costs }: Evidence, method: MethodName): string {
  const problem = method === 'cross-layer-hybrid' ? crossProblem : other?.problem;
  return (
    problem ?? (isSlow(method, costs) ? 'Not run yet: this method needs the network many times.' : 'Working…')
  );
}
