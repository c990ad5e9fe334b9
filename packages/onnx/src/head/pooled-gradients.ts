import type { GlobalPool } from './global-pool.ts';
import { headGradient, type VectorHead } from './vector-head.ts';

/** A pooled map of one run. */
export interface PooledMap {
  /** [batch, channels, cells]. */
  readonly activations: Float32Array;
  readonly batch: number;
  readonly channels: number;
  readonly cells: number;
}

/**
 * Gradients of the scores at the pooled map, from the head alone. Mean pooling: [batch, channels], the number that every cell
 * of a channel has. Max pooling: [batch, channels, cells], zero but at the maxima.
 * @param cotangent [batch, classes]
 */
export function pooledGradients(
  head: VectorHead,
  kind: GlobalPool['kind'],
  map: PooledMap,
  cotangent: Float32Array,
): Float32Array {
  const { activations, batch, channels, cells } = map;
  const out = new Float32Array(kind === 'mean' ? batch * channels : batch * channels * cells);
  for (let n = 0; n < batch; n++) {
    const values = activations.subarray(n * channels * cells, (n + 1) * channels * cells);
    // The gradient of a linear head is the same whatever was pooled.
    const needed = kind !== 'mean' || !head.affine;
    const pooled = needed ? poolVector(values, channels, cells, kind) : new Float64Array(channels);
    const classes = head.classCount;
    const gradient = headGradient(head, pooled, cotangent.subarray(n * classes, (n + 1) * classes));
    for (let c = 0; c < channels; c++) {
      if (kind === 'mean') out[n * channels + c] = gradient[c]! / cells;
      else {
        const base = c * cells;
        const target = out.subarray((n * channels + c) * cells, (n * channels + c + 1) * cells);
        spreadToMaxima(target, values.subarray(base, base + cells), pooled[c]!, gradient[c]!, kind);
      }
    }
  }
  return out;
}

function poolVector(
  values: Float32Array,
  channels: number,
  cells: number,
  kind: GlobalPool['kind'],
): Float64Array {
  const pooled = new Float64Array(channels);
  for (let c = 0; c < channels; c++) {
    let sum = 0;
    let max = Number.NEGATIVE_INFINITY;
    for (let i = c * cells; i < (c + 1) * cells; i++) {
      sum += values[i]!;
      if (values[i]! > max) max = values[i]!;
    }
    pooled[c] = kind === 'mean' ? sum / cells : max;
  }
  return pooled;
}

function spreadToMaxima(
  target: Float32Array,
  values: Float32Array,
  max: number,
  gradient: number,
  kind: GlobalPool['kind'],
): void {
  if (kind === 'max-first') {
    target[values.indexOf(max)] = gradient;
    return;
  }
  let count = 0;
  for (const value of values) if (value === max) count++;
  for (let i = 0; i < values.length; i++) if (values[i] === max) target[i] = gradient / count;
}
