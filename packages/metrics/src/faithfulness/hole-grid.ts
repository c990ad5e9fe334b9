/** Weights of ROAD's imputation: direct neighbours and corners; they sum to 1 inside the image. */
const DIRECT = 1 / 6;
const CORNER = 1 / 12;
/** Damping of the smoother: D⁻¹W has eigenvalues in (−1/3, 1), so 0.8 takes the rough half down evenly. */
const DAMPING = 0.8;
/** Grids below this side are smoothed until they are solved, for all that it matters. */
const COARSEST_SIDE = 4;
const COARSEST_SWEEPS = 8;
/** Bilinear interpolation from cells twice as large: the nearest cell, the two beside it, the one across. */
const NEAR = 9 / 16;
const BESIDE = 3 / 16;
const ACROSS = 1 / 16;

/**
 * The missing pixels of a picture as a linear system D·x − W·x = b, where W averages the eight neighbours and pixels that are known are
 * zero. Vectors have a border of one pixel, so that no neighbour needs a test; they are zero outside the hole.
 */
export interface HoleGrid {
  readonly height: number;
  readonly width: number;
  /** Positions of the missing pixels in a vector. */
  readonly hole: Int32Array;
  /** 1/D: at the border of the picture fewer neighbours exist, and D is what remains of 1. */
  readonly inverse: Float64Array;
  readonly coarser: CoarserGrid | undefined;
  readonly scratch: Float64Array;
}

interface CoarserGrid {
  readonly grid: HoleGrid;
  /** For each missing pixel the four coarse cells around it, the nearest, the two beside it, the one across. */
  readonly parents: Int32Array;
  readonly right: Float64Array;
  readonly solution: Float64Array;
}

/** The system of a mask [height, width], with coarser copies of itself down to a few cells. */
export function holeGrid(missing: ArrayLike<number>, height: number, width: number): HoleGrid {
  const stride = width + 2;
  const size = (height + 2) * stride;
  const inverse = new Float64Array(size);
  const found = new Int32Array(height * width);
  let count = 0;
  for (let y = 0; y < height; y++) {
    const rows = (y > 0 ? 1 : 0) + (y < height - 1 ? 1 : 0);
    for (let x = 0; x < width; x++) {
      if (!missing[y * width + x]) continue;
      const columns = (x > 0 ? 1 : 0) + (x < width - 1 ? 1 : 0);
      const position = (y + 1) * stride + x + 1;
      found[count++] = position;
      inverse[position] = 1 / (1 - DIRECT * (4 - rows - columns) - CORNER * (4 - rows * columns));
    }
  }
  const hole = found.slice(0, count);
  const small = Math.max(height, width) <= COARSEST_SIDE || count === 0;
  return {
    height,
    width,
    hole,
    inverse,
    coarser: small ? undefined : coarserGrid(missing, hole, height, width),
    scratch: new Float64Array(size),
  };
}

/** A coarse cell is missing where at least half of its pixels are: then the two holes have about one size. */
function coarserGrid(
  missing: ArrayLike<number>,
  hole: Int32Array,
  height: number,
  width: number,
): CoarserGrid {
  const [rows, columns] = [Math.ceil(height / 2), Math.ceil(width / 2)];
  const votes = new Int8Array(rows * columns);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) votes[(y >> 1) * columns + (x >> 1)]! += missing[y * width + x] ? 1 : -1;
  }
  const grid = holeGrid(
    votes.map((vote) => (vote >= 0 ? 1 : 0)),
    rows,
    columns,
  );
  const [stride, coarseStride] = [width + 2, columns + 2];
  const parents = new Int32Array(4 * hole.length);
  for (let i = 0; i < hole.length; i++) {
    const y = Math.floor(hole[i]! / stride) - 1;
    const x = (hole[i]! % stride) - 1;
    const near = [y >> 1, x >> 1] as const;
    const farY = Math.min(rows - 1, Math.max(0, near[0] + (y & 1 ? 1 : -1)));
    const farX = Math.min(columns - 1, Math.max(0, near[1] + (x & 1 ? 1 : -1)));
    parents[4 * i] = (near[0] + 1) * coarseStride + near[1] + 1;
    parents[4 * i + 1] = (near[0] + 1) * coarseStride + farX + 1;
    parents[4 * i + 2] = (farY + 1) * coarseStride + near[1] + 1;
    parents[4 * i + 3] = (farY + 1) * coarseStride + farX + 1;
  }
  const size = (rows + 2) * coarseStride;
  return { grid, parents, right: new Float64Array(size), solution: new Float64Array(size) };
}

/** `into` = W·x in the hole. */
export function averageNeighbours({ hole, width }: HoleGrid, x: Float64Array, into: Float64Array): void {
  const stride = width + 2;
  for (let i = 0; i < hole.length; i++) {
    const p = hole[i]!;
    into[p] =
      DIRECT * (x[p - 1]! + x[p + 1]! + x[p - stride]! + x[p + stride]!) +
      CORNER * (x[p - stride - 1]! + x[p - stride + 1]! + x[p + stride - 1]! + x[p + stride + 1]!);
  }
}

/** `into` = D·x − W·x in the hole. */
export function applyHole(grid: HoleGrid, x: Float64Array, into: Float64Array): void {
  averageNeighbours(grid, x, into);
  const { hole, inverse } = grid;
  for (let i = 0; i < hole.length; i++) {
    const p = hole[i]!;
    into[p] = x[p]! / inverse[p]! - into[p]!;
  }
}

/**
 * One symmetric V-cycle: `into` ≈ (D − W)⁻¹·right, starting from nothing. Rough errors go on the fine grid, smooth ones on the coarser
 * grids where they are rough again, so the cost is a few products with W however large the hole is.
 */
export function approximateInverse(grid: HoleGrid, right: Float64Array, into: Float64Array): void {
  const { hole, inverse, coarser } = grid;
  for (let i = 0; i < hole.length; i++) {
    const p = hole[i]!;
    into[p] = DAMPING * inverse[p]! * right[p]!;
  }
  if (!coarser) {
    for (let sweep = 1; sweep < COARSEST_SWEEPS; sweep++) smooth(grid, right, into);
    return;
  }
  restrictResidual(grid, coarser, right, into);
  approximateInverse(coarser.grid, coarser.right, coarser.solution);
  addInterpolated(hole, coarser, into);
  smooth(grid, right, into);
}

function smooth(grid: HoleGrid, right: Float64Array, x: Float64Array): void {
  const { hole, inverse, scratch } = grid;
  applyHole(grid, x, scratch);
  for (let i = 0; i < hole.length; i++) {
    const p = hole[i]!;
    x[p]! += DAMPING * inverse[p]! * (right[p]! - scratch[p]!);
  }
}

/** The transpose of interpolation, so that the cycle stays symmetric; what falls beside the coarse hole is dropped. */
function restrictResidual(grid: HoleGrid, coarser: CoarserGrid, right: Float64Array, x: Float64Array): void {
  const { hole, scratch } = grid;
  const { parents, right: below } = coarser;
  applyHole(grid, x, scratch);
  below.fill(0);
  for (let i = 0; i < hole.length; i++) {
    const residual = right[hole[i]!]! - scratch[hole[i]!]!;
    below[parents[4 * i]!]! += NEAR * residual;
    below[parents[4 * i + 1]!]! += BESIDE * residual;
    below[parents[4 * i + 2]!]! += BESIDE * residual;
    below[parents[4 * i + 3]!]! += ACROSS * residual;
  }
}

function addInterpolated(hole: Int32Array, { parents, solution }: CoarserGrid, x: Float64Array): void {
  for (let i = 0; i < hole.length; i++) {
    x[hole[i]!]! +=
      NEAR * solution[parents[4 * i]!]! +
      BESIDE * (solution[parents[4 * i + 1]!]! + solution[parents[4 * i + 2]!]!) +
      ACROSS * solution[parents[4 * i + 3]!]!;
  }
}
