import { type ArrayView, ShapeError } from '@hybridcam/core';
import { createImageCache, type ImageCache, inputScoreName } from '../image-cache.ts';
import { energy } from '../localisation/energy.ts';
import type { Evidence } from '../localisation/mask.ts';
import { scoreOf } from '../score-rows.ts';
import { spearman } from '../statistics/correlation.ts';
import type { Subject } from '../subject.ts';

/** A part of a scene, and the same scene rendered without it: no mask, no artefact, the true counterfactual. */
export interface RenderedPart {
  readonly name: string;
  readonly evidence: Evidence;
  /** [channels, height, width], preprocessed as the original. */
  readonly without: ArrayView;
}

export interface PartImportance {
  readonly name: string;
  /** f(x) − f(x without the part): what the part truly contributes. */
  readonly importance: number;
  /** Share of the map's positive mass on the part, over the part's share of the area. */
  readonly density: number;
}

export interface Intervention {
  readonly parts: readonly PartImportance[];
  /** Spearman's correlation of importance and density, −1 … 1; undefined for fewer than two parts or a constant side. */
  readonly agreement: number | undefined;
}

/**
 * Exact intervention: does the map give its mass to the parts whose removal changes the score? Costs one forward pass per part and
 * one for the original; maps that share a cache share them. After Hesse et al., FunnyBirds, ICCV 2023.
 */
export async function intervention(
  subject: Subject,
  input: ArrayView,
  classIndex: number,
  map: ArrayView,
  parts: readonly RenderedPart[],
  options: { readonly cache?: ImageCache } = {},
): Promise<Intervention> {
  if (parts.length === 0) throw new ShapeError('intervention: expected one or more parts; received none.');
  const cache = options.cache ?? createImageCache();
  const full = await cache.score(inputScoreName(classIndex), () => scoreOf(subject, input, classIndex));
  const results: PartImportance[] = [];
  for (const part of parts) {
    // Not by its position: maps that share the cache may be asked about other parts, or in another order.
    const without = await cache.score(`without ${cache.idOf(part.without)}|${classIndex}`, () =>
      scoreOf(subject, part.without, classIndex),
    );
    results.push({
      name: part.name,
      importance: full - without,
      density: energy(map, part.evidence)?.lift ?? 0,
    });
  }
  const agreement = spearman(
    results.map((part) => part.importance),
    results.map((part) => part.density),
  );
  return { parts: results, agreement };
}
