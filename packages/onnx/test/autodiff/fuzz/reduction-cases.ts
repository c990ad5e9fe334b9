import type { AttributeDescription } from '../../../src/index.ts';
import type { CaseMaker, OpCase, OpInput, Values } from './op-case.ts';

function reduce(op: string, kind: OpCase['kind'], values: Values, oneAxis = false): CaseMaker {
  return (draw, opset) => {
    const dims = draw.pick([
      [2, 3, 4, 5],
      [3, 7],
      [2, 3, 5],
      [1, 4, 3, 3],
    ]);
    const all = draw.shuffled(dims.map((_, i) => i));
    const picked = all.slice(0, oneAxis ? 1 : draw.int(1, dims.length));
    const axes = picked.map((axis) => (draw.chance(0.3) ? axis - dims.length : axis));
    const given = oneAxis || draw.chance(0.8);
    const asInput = opset >= (op === 'ReduceSum' ? 13 : 18);
    const attributes: Record<string, AttributeDescription> = { keepdims: draw.int(0, 1) };
    if (given && !asInput) attributes['axes'] = axes;
    if (asInput && !given && draw.chance(0.5)) attributes['noop_with_empty_axes'] = 1;
    const inputs: OpInput[] = [{ active: dims, values }];
    if (given && asInput) inputs.push({ integers: axes, computed: draw.chance(0.3) });
    return { op, opset, kind, attributes, inputs };
  };
}

function softmax(op: string): CaseMaker {
  return (draw, opset) => {
    const dims = draw.pick([
      [2, 3, 4, 5],
      [3, 7],
      [2, 3, 5],
    ]);
    const attributes: Record<string, AttributeDescription> = {};
    if (draw.chance(0.8)) attributes['axis'] = draw.int(opset >= 11 ? -dims.length : 0, dims.length - 1);
    return { op, opset, kind: 'smooth', attributes, inputs: [{ active: dims, values: 'normal' }] };
  };
}

function several(op: string): CaseMaker {
  return (draw, opset) => {
    const dims = draw.pick([
      [2, 3, 4],
      [3, 7],
    ]);
    const count = draw.int(2, 4);
    const inputs = Array.from({ length: count }, (_, i): OpInput => {
      const extents = i === 0 ? dims : dims.map((extent) => (draw.chance(0.3) ? 1 : extent));
      // Offsets of the pieces keep operands from tying; see `spaced`.
      return i === 0 || draw.chance(0.6)
        ? { active: extents, values: 'spaced', offset: i / 16 }
        : { floats: extents, values: 'spaced', offset: i / 16 };
    });
    return { op, opset, kind: 'piecewise', inputs };
  };
}

export const reductionCases: Readonly<Record<string, { since: number; make: CaseMaker; weight: number }>> = {
  ReduceMean: { since: 7, make: reduce('ReduceMean', 'linear', 'whole'), weight: 3 },
  ReduceSum: { since: 7, make: reduce('ReduceSum', 'linear', 'whole'), weight: 3 },
  ReduceMax: { since: 7, make: reduce('ReduceMax', 'piecewise', 'spaced'), weight: 2 },
  ReduceMin: { since: 7, make: reduce('ReduceMin', 'piecewise', 'spaced'), weight: 2 },
  ReduceL1: { since: 7, make: reduce('ReduceL1', 'piecewise', 'spaced'), weight: 2 },
  ReduceL2: { since: 7, make: reduce('ReduceL2', 'smooth', 'positive'), weight: 2 },
  ReduceSumSquare: { since: 7, make: reduce('ReduceSumSquare', 'smooth', 'normal'), weight: 2 },
  ReduceLogSum: { since: 7, make: reduce('ReduceLogSum', 'smooth', 'positive'), weight: 2 },
  ReduceLogSumExp: { since: 7, make: reduce('ReduceLogSumExp', 'smooth', 'normal'), weight: 2 },
  ReduceProd: { since: 7, make: reduce('ReduceProd', 'smooth', 'positive', true), weight: 2 },
  Softmax: { since: 7, make: softmax('Softmax'), weight: 3 },
  LogSoftmax: { since: 7, make: softmax('LogSoftmax'), weight: 3 },
  Max: { since: 8, make: several('Max'), weight: 3 },
  Min: { since: 8, make: several('Min'), weight: 3 },
};
