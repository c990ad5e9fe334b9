import type { ModelFacts } from './protocol.ts';
import type { State } from './state.ts';

/** What of a state the open network cannot follow, as the change that makes it fit, and in words. */
export interface Fit {
  readonly change: Partial<State>;
  readonly notes: readonly string[];
}

/** Links know nothing of the network that opens them: a layer or class that it lacks gives way to the usual one. */
export function fitState(
  { layer, classIndex, against }: Pick<State, 'layer' | 'classIndex' | 'against'>,
  { layers, classCount }: Pick<ModelFacts, 'layers' | 'classCount'>,
): Fit {
  const change: { -readonly [Name in keyof State]?: State[Name] } = {};
  const notes: string[] = [];
  if (layer !== undefined && !layers.some(({ name }) => name === layer)) {
    change.layer = undefined;
    notes.push(`This network has no layer “${layer}”; its usual layer is explained.`);
  }
  const isOutside = (index: number | undefined) => index !== undefined && index >= classCount;
  if (isOutside(classIndex)) {
    change.classIndex = undefined;
    notes.push(`This network has ${classCount} classes and no class ${classIndex}; its best is explained.`);
  }
  if (isOutside(against)) {
    change.against = undefined;
    notes.push(`This network has no class ${against} to compare with; the class is explained alone.`);
  } else if (against !== undefined && against === classIndex) change.against = undefined;
  return { change, notes };
}
