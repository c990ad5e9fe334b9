import { type ArrayView, type NdArray, OptionError, pack, view } from '@hybridcam/core';
import { pushPull } from './push-pull.ts';

/** Residual relative to the right-hand side at which conjugate gradients stop: pixels are then right to about 1e-5. */
const TOLERANCE = 1e-6;
const DIRECT = 1 / 6;
const DIAGONAL = 1 / 12;

/**
 * Fills missing pixels of an input [channels, height, width] with the weighted mean of their eight neighbours (1/6 direct, 1/12
 * diagonal, renormalised at the border), missing neighbours being unknowns too: ROAD's linear imputation, solved exactly.
 *
 * The system is symmetric and positive definite as soon as one pixel is known, so Jacobi-preconditioned conjugate gradients solve
 * it without a matrix, from the guess of `pushPull`. `missing[pixel]` is non-zero where a pixel is to be filled.
 * Rong et al., A Consistent and Efficient Evaluation Strategy for Attribution Methods, ICML 2022.
 * @throws OptionError when every pixel is missing: there is nothing to interpolate from
 */
export function imputeLinear(input: ArrayView, missing: ArrayLike<number>): NdArray<Float32Array> {
  const [channels, height, width] = input.shape as [number, number, number];
  const pixels = height * width;
  const result = pack(input).slice();
  const unknowns: number[] = [];
  for (let i = 0; i < pixels; i++) if (missing[i]) unknowns.push(i);
  if (unknowns.length === pixels) {
    throw new OptionError(
      'imputeLinear: expected at least one known pixel; received none. Remove a smaller fraction.',
    );
  }
  if (unknowns.length > 0) {
    const system = buildSystem(unknowns, missing, height, width);
    for (let c = 0; c < channels; c++) {
      const channel = Float64Array.from(result.subarray(c * pixels, (c + 1) * pixels));
      pushPull(channel, missing, height, width);
      solve(system, channel);
      for (const pixel of unknowns) result[c * pixels + pixel] = channel[pixel]!;
    }
  }
  return view(result, [channels, height, width]);
}

/** D·x − W·x = b, rows of W compressed: row u has entries `starts[u]` to `starts[u + 1]`, direct neighbours first. */
interface LinearSystem {
  readonly unknowns: Int32Array;
  readonly starts: Int32Array;
  /** Where a row's diagonal neighbours begin. */
  readonly corners: Int32Array;
  readonly neighbours: Int32Array;
  readonly diagonal: Float64Array;
  /** Per unknown, the known pixels beside it (direct) and at its corners. */
  readonly known: { readonly starts: Int32Array; readonly corners: Int32Array; readonly pixels: Int32Array };
}

const OFFSETS = [
  [-1, 0],
  [0, -1],
  [0, 1],
  [1, 0],
  [-1, -1],
  [-1, 1],
  [1, -1],
  [1, 1],
] as const;
/** The first four offsets are direct neighbours. */
const DIRECT_COUNT = 4;

function buildSystem(
  unknowns: readonly number[],
  missing: ArrayLike<number>,
  height: number,
  width: number,
): LinearSystem {
  const count = unknowns.length;
  const indexOf = new Int32Array(height * width).fill(-1);
  for (let u = 0; u < count; u++) indexOf[unknowns[u]!] = u;
  const starts = new Int32Array(count + 1);
  const corners = new Int32Array(count);
  const neighbours = new Int32Array(8 * count);
  const known = {
    starts: new Int32Array(count + 1),
    corners: new Int32Array(count),
    pixels: new Int32Array(8 * count),
  };
  const diagonal = new Float64Array(count).fill(1);
  let next = 0;
  let nextKnown = 0;
  for (let u = 0; u < count; u++) {
    const y = Math.floor(unknowns[u]! / width);
    const x = unknowns[u]! - y * width;
    starts[u] = next;
    known.starts[u] = nextKnown;
    for (let n = 0; n < 8; n++) {
      if (n === DIRECT_COUNT) {
        corners[u] = next;
        known.corners[u] = nextKnown;
      }
      const ny = y + OFFSETS[n]![0];
      const nx = x + OFFSETS[n]![1];
      if (ny < 0 || ny >= height || nx < 0 || nx >= width)
        diagonal[u]! -= n < DIRECT_COUNT ? DIRECT : DIAGONAL;
      else if (missing[ny * width + nx]) neighbours[next++] = indexOf[ny * width + nx]!;
      else known.pixels[nextKnown++] = ny * width + nx;
    }
  }
  starts[count] = next;
  known.starts[count] = nextKnown;
  return { unknowns: Int32Array.from(unknowns), starts, corners, neighbours, diagonal, known };
}

/** Solves for one channel, starting from the values its missing pixels hold. */
function solve(
  { unknowns, starts, corners, neighbours, diagonal, known }: LinearSystem,
  channel: Float64Array,
): void {
  const count = unknowns.length;
  const apply = (x: Float64Array, into: Float64Array) => {
    for (let u = 0; u < count; u++) {
      let direct = 0;
      let cornerSum = 0;
      const middle = corners[u]!;
      const end = starts[u + 1]!;
      for (let e = starts[u]!; e < middle; e++) direct += x[neighbours[e]!]!;
      for (let e = middle; e < end; e++) cornerSum += x[neighbours[e]!]!;
      into[u] = diagonal[u]! * x[u]! - DIRECT * direct - DIAGONAL * cornerSum;
    }
  };
  const x = Float64Array.from(unknowns, (pixel) => channel[pixel]!);
  const residual = new Float64Array(count);
  apply(x, residual);
  let rightSquare = 0;
  for (let u = 0; u < count; u++) {
    let right = 0;
    for (let e = known.starts[u]!; e < known.starts[u + 1]!; e++) {
      right += (e < known.corners[u]! ? DIRECT : DIAGONAL) * channel[known.pixels[e]!]!;
    }
    rightSquare += right * right;
    residual[u] = right - residual[u]!;
  }
  const direction = new Float64Array(count);
  const image = new Float64Array(count);
  const limit = TOLERANCE ** 2 * rightSquare;
  let rho = 0;
  // In exact arithmetic n unknowns take at most n steps; in practice far fewer.
  for (let iteration = 0; iteration < 10 * count + 10; iteration++) {
    let square = 0;
    let nextRho = 0;
    for (let u = 0; u < count; u++) {
      const r = residual[u]!;
      square += r * r;
      nextRho += (r * r) / diagonal[u]!;
    }
    if (square <= limit) break;
    const beta = iteration === 0 ? 0 : nextRho / rho;
    rho = nextRho;
    for (let u = 0; u < count; u++) direction[u] = residual[u]! / diagonal[u]! + beta * direction[u]!;
    apply(direction, image);
    let curvature = 0;
    for (let u = 0; u < count; u++) curvature += direction[u]! * image[u]!;
    const step = rho / curvature;
    for (let u = 0; u < count; u++) {
      x[u]! += step * direction[u]!;
      residual[u]! -= step * image[u]!;
    }
  }
  for (let u = 0; u < count; u++) channel[unknowns[u]!] = x[u]!;
}
