import type { NdArray } from 'ndarray';
import { readArray } from '../check.ts';
import { ShapeError } from '../errors.ts';
import { toMap } from '../kernels/to-map.ts';
import type { LinearHead } from '../model.ts';
import type { ArrayView } from '../view.ts';

/** Evidence for and against every class in every cell, [classes, height, width] each, in score units. */
export interface ClassMaps {
  /** P = Σ_k ReLU(w_ck) · A_k / (height·width). */
  readonly positive: NdArray<Float32Array>;
  /** N = Σ_k ReLU(−w_ck) · A_k / (height·width). */
  readonly negative: NdArray<Float32Array>;
}

/**
 * The maps of all classes at once, for a layer under global average pooling + linear: two matrix products, no gradient.
 *
 * `activations` [channels, height, width]; `head.weights` [classes, channels]. For class c, Grad-CAM is ReLU(P_c − N_c), LayerCAM is
 * ReLU(P_c), and score_c = bias_c + Σ (P_c − N_c).
 * @throws ShapeError, NonFiniteError
 * @example
 * const { positive, negative } = allClassMaps(activations, head);
 * positive.pick(281, null, null); // LayerCAM of class 281
 */
export function allClassMaps(activations: ArrayView, head: LinearHead): ClassMaps {
  const where = 'allClassMaps';
  const a = readArray(where, 'activations', activations, ['channels', 'height', 'width']);
  const w = readArray(where, 'head.weights', head.weights, ['classes', 'channels']);
  const [channels, height, width] = activations.shape as [number, number, number];
  const [classes, weightChannels] = head.weights.shape as [number, number];
  if (weightChannels !== channels) {
    throw new ShapeError(
      `${where}: expected head.weights [classes, ${channels}]; received shape [${head.weights.shape}].`,
    );
  }
  const cells = height * width;
  const sums = { positive: new Float64Array(classes * cells), negative: new Float64Array(classes * cells) };
  addProducts(sums, w, nonZeroByCell(a, channels, cells, 1), classes, 1 / cells);
  // Behind a ReLU there are none of these; elsewhere they count with the opposite sign.
  if (a.some((activation) => activation < 0)) {
    addProducts(sums, w, nonZeroByCell(a, channels, cells, -1), classes, -1 / cells);
  }
  const shape = [classes, height, width];
  return {
    positive: toMap(where, sums.positive, ...shape),
    negative: toMap(where, sums.negative, ...shape),
  };
}

/** The channels above 0 in each cell: behind a ReLU about one in six. Those of cell i lie at start[i] … start[i + 1]. */
interface NonZeroByCell {
  readonly channels: number;
  readonly start: Int32Array;
  readonly channel: Int32Array;
  readonly value: Float64Array;
}

/** Of the activations times `sign`. */
function nonZeroByCell(
  activations: Float32Array,
  channels: number,
  cells: number,
  sign: 1 | -1,
): NonZeroByCell {
  const start = new Int32Array(cells + 1);
  const channel = new Int32Array(activations.length);
  const value = new Float64Array(activations.length);
  let count = 0;
  for (let i = 0; i < cells; i++) {
    for (let k = 0; k < channels; k++) {
      const activation = sign * activations[k * cells + i]!;
      if (activation <= 0) continue;
      channel[count] = k;
      value[count++] = activation;
    }
    start[i + 1] = count;
  }
  return { channels, start, channel, value };
}

/**
 * Adds scale · Σ_k ReLU(±w_ck) · A_k for all classes. With S = Σ w·A and T = Σ |w·A| these are (T ± S) / 2, and S and T for four
 * classes at a time share every activation read: written out, since this loop is the whole cost.
 */
function addProducts(
  sums: { readonly positive: Float64Array; readonly negative: Float64Array },
  weights: Float32Array,
  { channels, start, channel, value }: NonZeroByCell,
  classes: number,
  scale: number,
): void {
  const cells = start.length - 1;
  const put = (c: number, i: number, signed: number, absolute: number): void => {
    if (c >= classes) return;
    sums.positive[c * cells + i]! += ((absolute + signed) / 2) * scale;
    sums.negative[c * cells + i]! += ((absolute - signed) / 2) * scale;
  };
  for (let c = 0; c < classes; c += 4) {
    // Behind the last class the rows repeat it and their sums are dropped.
    const row = (i: number) => weights.subarray(Math.min(c + i, classes - 1) * channels);
    const w0 = row(0);
    const w1 = row(1);
    const w2 = row(2);
    const w3 = row(3);
    for (let i = 0; i < cells; i++) {
      let s0 = 0;
      let s1 = 0;
      let s2 = 0;
      let s3 = 0;
      let t0 = 0;
      let t1 = 0;
      let t2 = 0;
      let t3 = 0;
      const end = start[i + 1]!;
      for (let entry = start[i]!; entry < end; entry++) {
        const k = channel[entry]!;
        const a = value[entry]!;
        const x0 = w0[k]! * a;
        const x1 = w1[k]! * a;
        const x2 = w2[k]! * a;
        const x3 = w3[k]! * a;
        s0 += x0;
        t0 += Math.abs(x0);
        s1 += x1;
        t1 += Math.abs(x1);
        s2 += x2;
        t2 += Math.abs(x2);
        s3 += x3;
        t3 += Math.abs(x3);
      }
      put(c, i, s0, t0);
      put(c + 1, i, s1, t1);
      put(c + 2, i, s2, t2);
      put(c + 3, i, s3, t3);
    }
  }
}
