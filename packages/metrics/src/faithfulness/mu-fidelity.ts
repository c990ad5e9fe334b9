import { type ArrayView, OptionError, pack, ShapeError, throwIfAborted, view } from '@hybridcam/core';
import { scoreOf } from '../masked-scores.ts';
import { seededRandom } from '../random.ts';
import { spearman } from '../statistics/correlation.ts';
import { DEFAULT_BATCH_SIZE, type Subject } from '../subject.ts';

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
}

/**
 * μFidelity: Spearman correlation, over random subsets of grid cells, between the score lost when a subset is switched off and
 * the relevance the map gives it. −1 … 1, higher is better; it sees the map's values, not only their order.
 *
 * Bhatt et al., Evaluating and Aggregating Feature-based Model Explanations, IJCAI 2020; grid form of Fel et al., Xplique.
 * Costs `samples` + 1 forward passes. Undefined where either side is constant.
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
  const [channels, height, width] = input.shape as [number, number, number];
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
  const source = pack(input);
  const pixels = height * width;
  const cellOf = new Int32Array(pixels);
  const cellRelevance = new Float64Array(cells);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const cell = Math.floor((y * gridSize) / height) * gridSize + Math.floor((x * gridSize) / width);
      cellOf[y * width + x] = cell;
      cellRelevance[cell]! += relevance[y * width + x]!;
    }
  }
  const random = seededRandom(options.seed ?? 0);
  const inputScore = await scoreOf(subject, input, classIndex);
  const lost: number[] = [];
  const attributed: number[] = [];
  const batchSize = subject.batchSize ?? DEFAULT_BATCH_SIZE;
  const permutation = Int32Array.from({ length: cells }, (_, i) => i);
  for (let start = 0; start < samples; start += batchSize) {
    throwIfAborted(subject.signal, 'muFidelity');
    const size = Math.min(batchSize, samples - start);
    const batch = new Float32Array(size * channels * pixels);
    for (let row = 0; row < size; row++) {
      const off = new Uint8Array(cells);
      let sum = 0;
      for (let i = 0; i < offCount; i++) {
        const j = i + random.integer(cells - i);
        [permutation[i], permutation[j]] = [permutation[j]!, permutation[i]!];
        off[permutation[i]!] = 1;
        sum += cellRelevance[permutation[i]!]!;
      }
      attributed.push(sum);
      const base = row * channels * pixels;
      for (let c = 0; c < channels; c++) {
        for (let i = 0; i < pixels; i++) {
          batch[base + c * pixels + i] = off[cellOf[i]!]
            ? (options.baselineValue ?? 0)
            : source[c * pixels + i]!;
        }
      }
    }
    const scores = await subject.score(view(batch, [size, channels, height, width]));
    for (let row = 0; row < size; row++) {
      lost.push(
        inputScore - scores.data[scores.offset + row * scores.stride[0]! + classIndex * scores.stride[1]!]!,
      );
    }
  }
  return spearman(lost, attributed);
}
