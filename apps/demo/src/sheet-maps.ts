import { methodFacts } from './facts/method-facts.ts';
import { comparedMap, type ReadyMap, readyMap } from './maps.ts';
import type { View } from './view.ts';

/** The reference's own sweep. */
const alphas = [0, 0.3, 0.5, 0.7, 1] as const;

export interface SheetMap {
  readonly title: string;
  /** At input size. */
  readonly map: Float32Array;
}

/** The maps of a sheet: first the one on screen, which the sheet is titled after, then the hybrid at five alphas and what was compared. */
export function sheetMaps({
  evidence,
  state,
  picture,
  compared,
}: Pick<View, 'evidence' | 'state' | 'picture' | 'compared'>): SheetMap[] {
  if (!evidence || !picture) return [];
  const { height, width } = picture.geometry.input;
  const swept = state.method === 'cross-layer-hybrid' ? state.method : 'hybrid';
  const isSwept = state.method === swept;
  const shown: Named = {
    title: isSwept ? sweptTitle(swept, state.alpha) : methodFacts[state.method].title,
    ready: readyMap(evidence, state.method, state.alpha),
  };
  const sweep = alphas
    .filter((alpha) => !isSwept || alpha !== state.alpha)
    .map((alpha) => ({ title: sweptTitle(swept, alpha), ready: readyMap(evidence, swept, alpha) }));
  const others = [...compared.values()]
    .filter(({ method }) => method !== state.method)
    .map((map) => ({
      title:
        map.method === 'cross-layer-hybrid'
          ? sweptTitle(map.method, state.alpha)
          : methodFacts[map.method].title,
      ready: comparedMap(map, state.alpha),
    }));
  return [shown, ...sweep, ...others].flatMap(({ title, ready }) =>
    ready ? [{ title, map: Float32Array.from(ready.at(height, width).data) }] : [],
  );
}

interface Named {
  readonly title: string;
  readonly ready: ReadyMap | undefined;
}

function sweptTitle(method: 'hybrid' | 'cross-layer-hybrid', alpha: number): string {
  return `${method === 'hybrid' ? 'hybrid' : 'cross-layer'}, α = ${alpha}`;
}
