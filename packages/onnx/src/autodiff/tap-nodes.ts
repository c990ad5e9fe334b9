import { DATA_TYPE_CODE } from '../proto/data-type.ts';
import type { NodeDescription } from '../proto/graph-description.ts';
import type { PlannedTap } from './backward-model.ts';

/**
 * The nodes that a forward model needs for the taps that are masks, of any opset from 6 on. Of a tensor that is negative nowhere the
 * mask is its cast to a truth value, which needs no constant of the tensor's type.
 */
export function tapNodes(taps: readonly PlannedTap[]): NodeDescription[] {
  return taps.flatMap(({ name, positive }) =>
    positive === undefined
      ? []
      : [
          {
            opType: 'Cast',
            inputs: [positive],
            outputs: [name],
            name,
            attributes: { to: DATA_TYPE_CODE.bool },
          },
        ],
  );
}
