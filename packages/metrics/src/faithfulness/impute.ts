import { type ArrayView, type NdArray, OptionError, pack, view } from '@hybridcam/core';
import { applyHole, approximateInverse, averageNeighbours, type HoleGrid, holeGrid } from './hole-grid.ts';

/** The last correction of any pixel, relative to the largest known value; what is left after it is several times smaller. */
const TOLERANCE = 1.5e-5;
/** Conjugate gradients with this preconditioner take about five steps at any size; this many would be a fault. */
const MOST_STEPS = 200;

/**
 * Fills missing pixels of an input [channels, height, width] with the weighted mean of their eight neighbours (1/6 direct, 1/12
 * diagonal, renormalised at the border), missing neighbours being unknowns too: ROAD's linear imputation, right to about 1e-5 of
 * the largest known value.
 *
 * The system is symmetric and positive definite as soon as one pixel is known, so conjugate gradients solve it without a matrix; a
 * multigrid cycle before each step keeps their number small. `missing[pixel]` is non-zero where a pixel is to be filled.
 * Rong et al., A Consistent and Efficient Evaluation Strategy for Attribution Methods, ICML 2022.
 * @throws OptionError when every pixel is missing: there is nothing to interpolate from
 * @example imputeLinear(view(new Float32Array([1, 0, 3]), [1, 1, 3]), [0, 1, 0]).data // [1, 2, 3]
 */
export function imputeLinear(input: ArrayView, missing: ArrayLike<number>): NdArray<Float32Array> {
  const [channels, height, width] = input.shape as [number, number, number];
  const pixels = height * width;
  const result = pack(input).slice();
  const grid = holeGrid(missing, height, width);
  if (grid.hole.length === pixels) {
    throw new OptionError(
      'imputeLinear: expected at least one known pixel; received none. Remove a smaller fraction.',
    );
  }
  if (grid.hole.length > 0) {
    const room = workspace(grid);
    for (let c = 0; c < channels; c++)
      fillChannel(grid, room, result.subarray(c * pixels, (c + 1) * pixels), missing);
  }
  return view(result, [channels, height, width]);
}

/** Vectors of one size, used for every channel in turn. */
type Workspace = Record<'known' | 'x' | 'residual' | 'correction' | 'direction' | 'image', Float64Array>;

function workspace({ height, width }: HoleGrid): Workspace {
  const vector = () => new Float64Array((height + 2) * (width + 2));
  return {
    known: vector(),
    x: vector(),
    residual: vector(),
    correction: vector(),
    direction: vector(),
    image: vector(),
  };
}

/** Preconditioned conjugate gradients from zero, in place. */
function fillChannel(
  grid: HoleGrid,
  room: Workspace,
  channel: Float32Array,
  missing: ArrayLike<number>,
): void {
  const { hole, height, width } = grid;
  const { known, x, residual, correction, direction, image } = room;
  let largest = 0;
  for (let y = 0; y < height; y++) {
    for (let i = y * width, p = (y + 1) * (width + 2) + 1; i < (y + 1) * width; i++, p++) {
      const value = missing[i] ? 0 : channel[i]!;
      known[p] = value;
      if (value > largest) largest = value;
      else if (-value > largest) largest = -value;
    }
  }
  averageNeighbours(grid, known, residual);
  x.fill(0);
  direction.fill(0);
  let previous = 1;
  for (let step = 0; step < MOST_STEPS; step++) {
    approximateInverse(grid, residual, correction);
    let error = 0;
    let rho = 0;
    for (let i = 0; i < hole.length; i++) {
      const p = hole[i]!;
      const value = correction[p]!;
      if (value > error) error = value;
      else if (-value > error) error = -value;
      rho += residual[p]! * value;
    }
    // The correction is nearly the error itself: the honest thing to stop by, and worth adding.
    if (error <= TOLERANCE * largest) {
      for (let i = 0; i < hole.length; i++) x[hole[i]!]! += correction[hole[i]!]!;
      break;
    }
    const beta = rho / previous;
    previous = rho;
    for (let i = 0; i < hole.length; i++) {
      const p = hole[i]!;
      direction[p] = correction[p]! + beta * direction[p]!;
    }
    applyHole(grid, direction, image);
    let curvature = 0;
    for (let i = 0; i < hole.length; i++) curvature += direction[hole[i]!]! * image[hole[i]!]!;
    const length = rho / curvature;
    for (let i = 0; i < hole.length; i++) {
      const p = hole[i]!;
      x[p]! += length * direction[p]!;
      residual[p]! -= length * image[p]!;
    }
  }
  for (let y = 0; y < height; y++) {
    for (let i = y * width, p = (y + 1) * (width + 2) + 1; i < (y + 1) * width; i++, p++)
      if (missing[i]) channel[i] = x[p]!;
  }
}
