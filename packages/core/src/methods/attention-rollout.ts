import type { NdArray } from 'ndarray';
import { OptionError } from '../errors.ts';
import { readAttention } from '../kernels/read-attention.ts';
import { type TokenPlaces, tokenMap } from '../kernels/token-map.ts';
import type { ArrayView } from '../view.ts';

export interface AttentionRolloutOptions extends TokenPlaces {
  /** Whose attention is followed: a token's index, or `mean` over all, for models without a class token. Default 0. */
  readonly query?: number | 'mean';
}

/**
 * Attention rollout: how much of each patch reaches a token through all layers of a vision transformer, if attention were all that moves
 * information. It needs no gradient and knows no class.
 *
 * `attention` [heads, tokens, tokens] of each layer in forward order, rows summing to 1; returns [height, width] of `grid`, in [0, 1].
 *
 *     R = Ã_L · … · Ã_1,   Ã_l = ½ · mean_heads A_l + ½ · I        L = R[query, patches]
 *
 * For matrices of your own: `explain` finds them in an ONNX model itself.
 *
 * Abnar and Zuidema, Quantifying Attention Flow in Transformers, ACL 2020.
 * @throws ShapeError, NonFiniteError; OptionError for no layers, a grid, prefix or query that cannot be meant
 * @example attentionRollout(attentionOfEachLayer, { grid: [14, 14] })
 */
export function attentionRollout(
  attention: readonly ArrayView[],
  { query = 0, ...places }: AttentionRolloutOptions,
): NdArray<Float32Array> {
  const where = 'attentionRollout';
  const layers = readAttention(where, attention);
  const { tokens } = layers[0]!;
  let reached = startOf(query, tokens);
  // A row of the product is enough, and row times matrix is cheaper than matrix times matrix: from the last layer back.
  for (const { values, heads } of layers.toReversed()) {
    const next = reached.map((share) => share / 2);
    for (let i = 0; i < values.length; i++) {
      const [row, column] = [Math.floor(i / tokens) % tokens, i % tokens];
      next[column]! += (reached[row]! * values[i]!) / (2 * heads);
    }
    reached = next;
  }
  return tokenMap(where, reached, places);
}

function startOf(query: number | 'mean', tokens: number): Float64Array {
  if (query === 'mean') return new Float64Array(tokens).fill(1 / tokens);
  if (!(Number.isInteger(query) && query >= 0 && query < tokens)) {
    throw new OptionError(
      `attentionRollout: expected a query from 0 to ${tokens - 1}, or mean; received ${query}.`,
    );
  }
  return new Float64Array(tokens).fill(1, query, query + 1);
}
