import { DATA_TYPE_CODE } from '../proto/data-type.ts';
import type { NodeDescription } from '../proto/graph-description.ts';
import type { PlannedTap } from './backward-model.ts';

/** The nodes that a forward model needs for the taps that are masks, of any opset from 7 on. */
export function tapNodes(taps: readonly PlannedTap[]): NodeDescription[] {
  return taps.flatMap(({ name, mask }) => {
    if (mask === undefined) return [];
    const { of, bounds } = mask;
    if (bounds === undefined) return [positive(of, name)];
    const { above, below, dataType } = bounds;
    const compared = [
      ...(above === undefined ? [] : [{ opType: 'Greater', value: above }]),
      ...(below === undefined ? [] : [{ opType: 'Less', value: below }]),
    ];
    const results = compared.map(({ opType }) => (compared.length === 1 ? name : `${name}/${opType}`));
    const nodes = compared.flatMap(({ opType, value }, i): NodeDescription[] => {
      const bound = `${name}/${opType}/bound`;
      const tensor = { dims: [], dataType, data: [value] };
      return [
        { opType: 'Constant', inputs: [], outputs: [bound], name: bound, attributes: { value: { tensor } } },
        { opType, inputs: [of, bound], outputs: [results[i]!], name: results[i]! },
      ];
    });
    return compared.length === 1
      ? nodes
      : [...nodes, { opType: 'And', inputs: results, outputs: [name], name }];
  });
}

/** Of a tensor that is negative nowhere the mask is its cast to a truth value: cheaper than a comparison, and of any type. */
function positive(of: string, name: string): NodeDescription {
  return {
    opType: 'Cast',
    inputs: [of],
    outputs: [name],
    name,
    attributes: { to: DATA_TYPE_CODE.bool },
  };
}
