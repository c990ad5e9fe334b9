import { readArray } from '../check.ts';
import { cellsStatus, type Status } from '../kernels/cells-status.ts';
import type { ArrayView } from '../view.ts';

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
  const read = (array: ArrayView | undefined) => () =>
    array && readArray('mapStatus', 'tensor', array, axes, axes.slice(0, 1));
  const cells = readArray('mapStatus', 'map', map, axes.slice(1));
  return cellsStatus(cells, read(activations), read(gradients));
}

const axes = ['channels', 'height', 'width'];
