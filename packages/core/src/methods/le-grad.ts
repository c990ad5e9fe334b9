import type { NdArray } from 'ndarray';
import { readAttention } from '../kernels/read-attention.ts';
import { type TokenPlaces, tokenMap } from '../kernels/token-map.ts';
import type { ArrayView } from '../view.ts';

/**
 * LeGrad: where more attention would raise the score of a vision transformer, averaged over heads, queries and layers.
 *
 * `gradients` ∂y/∂A_l [heads, tokens, tokens] of each layer; returns [height, width] of `grid`, ≥ 0, in score units.
 *
 *     L = mean_l mean_heads,queries ReLU( ∂y_l/∂A_l )[…, patches]
 *
 * y_l is the score that the layer's own tokens give through the norm, the pooling and the head behind the last layer. The paper looks at
 * the map after `minmax`.
 *
 * For gradients of your own: `explain` finds them in an ONNX model itself.
 *
 * Bousselham et al., LeGrad: An Explainability Method for Vision Transformers via Feature Formation Sensitivity, 2024.
 * @throws ShapeError, NonFiniteError; OptionError for no layers, or a grid or prefix that cannot be meant
 * @example leGrad(attentionGradientOfEachLayer, { grid: [14, 14] })
 */
export function leGrad(gradients: readonly ArrayView[], places: TokenPlaces): NdArray<Float32Array> {
  const where = 'leGrad';
  const layers = readAttention(where, gradients);
  const { tokens } = layers[0]!;
  const sum = new Float64Array(tokens);
  for (const { values, heads } of layers) {
    const weight = 1 / (heads * tokens * layers.length);
    for (let i = 0; i < values.length; i++) sum[i % tokens]! += Math.max(values[i]!, 0) * weight;
  }
  return tokenMap(where, sum, places);
}
