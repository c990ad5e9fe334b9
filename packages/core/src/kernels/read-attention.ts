import { readArray } from '../check.ts';
import { OptionError, ShapeError } from '../errors.ts';
import type { ArrayView } from '../view.ts';

/** One layer's attention, or its gradient: from query (row) to key (column), [heads, tokens, tokens], packed. */
export interface AttentionLayer {
  readonly values: Float32Array;
  readonly heads: number;
  readonly tokens: number;
}

/** @throws ShapeError unless all are [heads, tokens, tokens] of one count of tokens, NonFiniteError; OptionError for none */
export function readAttention(where: string, layers: readonly ArrayView[]): AttentionLayer[] {
  if (layers.length === 0) throw new OptionError(`${where}: expected at least one layer; received none.`);
  return layers.map((layer) => {
    const values = readArray(where, 'attention', layer, ['heads', 'tokens', 'tokens']);
    const [heads, queries, keys] = layer.shape as [number, number, number];
    if (queries !== keys || keys !== layers[0]!.shape[2]) {
      throw new ShapeError(
        `${where}: expected attention [heads, ${layers[0]!.shape[2]}, ${layers[0]!.shape[2]}] in every layer; received shape [${layer.shape}].`,
      );
    }
    return { values, heads, tokens: keys };
  });
}
