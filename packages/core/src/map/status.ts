import { readArray } from '../check.ts';
import type { ArrayView } from '../view.ts';
import { valueRange } from './normalize.ts';

/** Whether a map says anything, and if not, why. Degenerate maps are zeros or constants plus this, never NaN. */
export type Status =
  | 'ok'
  | 'no-positive-evidence'
  | 'disjoint-parents'
  | 'constant'
  | 'zero-gradient'
  | 'zero-activations';

/** Each status as a sentence, with what to try next. */
export const statusSentences: Readonly<Record<Status, string>> = {
  ok: 'The map varies in space.',
  'no-positive-evidence':
    'Negative evidence outweighs positive everywhere at this layer, so the map is empty; counterfactual() shows what speaks against the target.',
  'disjoint-parents':
    'The maps that are multiplied are positive in different cells only, so their product is empty; look at each alone (alpha 1 and 0).',
  constant: 'The map has the same value everywhere, so it points nowhere; try an earlier layer.',
  'zero-gradient':
    'The target does not depend on this layer here (every gradient is 0): a saturated probability (use the logit) or a layer after the last mixing of positions (choose an earlier one).',
  'zero-activations':
    'Every activation of this layer is 0 for this image, so no cell carries evidence; check the preprocessing.',
};

/**
 * The status of a raw map [height, width]; with the layer's activations and gradients it also tells why a map is empty.
 * @throws ShapeError, NonFiniteError
 */
export function mapStatus(map: ArrayView, activations?: ArrayView, gradients?: ArrayView): Status {
  const { min, max } = valueRange(readArray('mapStatus', 'map', map, ['height', 'width']));
  // What float32 rounding leaves of a constant is no answer either, though min-max would stretch it over the whole range.
  if (max !== 0 && max - min <= 1e-6 * Math.abs(max)) return 'constant';
  if (max > 0) return 'ok';
  if (activations !== undefined && isZero(activations)) return 'zero-activations';
  if (gradients !== undefined && isZero(gradients)) return 'zero-gradient';
  return 'no-positive-evidence';
}

function isZero(array: ArrayView): boolean {
  const { min, max } = valueRange(readArray('mapStatus', 'tensor', array, axes, axes.slice(0, 1)));
  return min === 0 && max === 0;
}

const axes = ['channels', 'height', 'width'];
