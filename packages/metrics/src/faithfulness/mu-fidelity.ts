import { type ArrayView, OptionError, pack, ShapeError } from '@hybridcam/core';
import { createImageCache, type ImageCache, inputScoreName } from '../image-cache.ts';
import { seededRandom } from '../random.ts';
import { scoreOf, scoreRows } from '../score-rows.ts';
import { shareOnce } from '../share-once.ts';
import { spearman } from '../statistics/correlation.ts';
import type { Subject } from '../subject.ts';

export interface MuFidelityOptions {
  /** Random subsets. Default 200. */
  readonly samples?: number;
  /** Cells per side of the grid whose cells are switched off together. Default 9. */
  readonly gridSize?: number;
  /** Share of cells switched off in each subset. Default 0.2. */
  readonly subsetFraction?: number;
  /** Value of a pixel that is off, in normalised space. Default 0: the mean colour. */
  readonly baselineValue?: number;
  /** Default 0. */
  readonly seed?: number;
  /** Share one between all metrics of the same input, class and subject: the masks and their scores are the same for every map. */
  readonly cache?: ImageCache;
}

/**
 * μFidelity: Spearman correlation, over random subsets of grid cells, between the score lost when a subset is switched off and
 * the relevance the map gives it. −1 … 1, higher is better; it sees the map's values, not only their order.
 *
 * Bhatt et al., Evaluating and Aggregating Feature-based Model Explanations, IJCAI 2020; grid form of Fel et al., Xplique.
 * Costs `samples` + 1 forward passes for the first map of an image, none for further ones that share a cache. Undefined where either
 * side is constant.
 */
export async function muFidelity(
  subject: Subject,
  input: ArrayView,
  classIndex: number,
  map: ArrayView,
  options: MuFidelityOptions = {},
): Promise<number | undefined> {
  const samples = options.samples ?? 200;
  const gridSize = options.gridSize ?? 9;
  const subsetFraction = options.subsetFraction ?? 0.2;
  const [, height, width] = input.shape as [number, number, number];
  if (map.shape[0] !== height || map.shape[1] !== width) {
    throw new ShapeError(
      `muFidelity: expected a map of the input's size [${height}, ${width}]; received [${map.shape}].`,
    );
  }
  if (!(Number.isInteger(samples) && samples >= 2 && Number.isInteger(gridSize) && gridSize >= 1)) {
    throw new OptionError(
      `muFidelity: expected samples ≥ 2 and gridSize ≥ 1; received ${samples} and ${gridSize}.`,
    );
  }
  const cells = gridSize * gridSize;
  const offCount = Math.round(subsetFraction * cells);
  if (offCount < 1 || offCount >= cells) {
    throw new OptionError(
      `muFidelity: expected a subsetFraction that switches some but not all of ${cells} cells off; received ${subsetFraction}.`,
    );
  }
  const relevance = pack(map);
  const cellRelevance = new Float64Array(cells);
  const cellOf = gridCells(gridSize, height, width);
  for (let i = 0; i < relevance.length; i++) cellRelevance[cellOf[i]!]! += relevance[i]!;
  const subsets = drawSubsets(samples, cells, offCount, options.seed ?? 0);
  const cache = options.cache ?? createImageCache();
  const baselineValue = options.baselineValue ?? 0;
  const key = JSON.stringify([classIndex, samples, gridSize, offCount, baselineValue, options.seed ?? 0]);
  const inputScore = await cache.score(inputScoreName(classIndex), () => scoreOf(subject, input, classIndex));
  const masked = await shareOnce(cache.maskScores, key, () =>
    scoreSubsets(subject, input, classIndex, subsets, cellOf, baselineValue),
  );
  const lost = Float64Array.from(masked, (score) => inputScore - score);
  const attributed = subsets.map((subset) => subset.reduce((sum, cell) => sum + cellRelevance[cell]!, 0));
  return spearman(lost, attributed);
}

/** The cell of each pixel, row-major. */
function gridCells(gridSize: number, height: number, width: number): Int32Array {
  return Int32Array.from({ length: height * width }, (_, i) => {
    const [y, x] = [Math.floor(i / width), i % width];
    return Math.floor((y * gridSize) / height) * gridSize + Math.floor((x * gridSize) / width);
  });
}

/** Random subsets of `size` cells each, without repetition inside one. */
function drawSubsets(count: number, cells: number, size: number, seed: number): number[][] {
  const random = seededRandom(seed);
  const permutation = Array.from({ length: cells }, (_, i) => i);
  return Array.from({ length: count }, () => {
    for (let i = 0; i < size; i++) {
      const j = i + random.integer(cells - i);
      [permutation[i], permutation[j]] = [permutation[j]!, permutation[i]!];
    }
    return permutation.slice(0, size);
  });
}

function scoreSubsets(
  subject: Subject,
  input: ArrayView,
  classIndex: number,
  subsets: readonly (readonly number[])[],
  cellOf: Int32Array,
  baselineValue: number,
): Promise<Float64Array> {
  const [channels, height, width] = input.shape as [number, number, number];
  const source = pack(input);
  const pixels = height * width;
  const switchOff = (row: number, into: Float32Array) => {
    into.set(source);
    const off = new Set(subsets[row]);
    for (let i = 0; i < pixels; i++) {
      if (!off.has(cellOf[i]!)) continue;
      for (let c = 0; c < channels; c++) into[c * pixels + i] = baselineValue;
    }
  };
  return scoreRows(subject, [channels, height, width], subsets.length, switchOff, classIndex);
}
