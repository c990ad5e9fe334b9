import type { AttributeDescription } from '../../../src/index.ts';
import type { CaseMaker } from './op-case.ts';

// Epsilons are large on purpose: a wrong one shows.
const epsilon = (value: number): AttributeDescription => ({ float: value });

const batch: CaseMaker = (draw, opset) => {
  const dims = [draw.int(1, 3), draw.int(2, 5), ...draw.pick([[], [4], [3, 4], [2, 3, 2]])];
  const channels = dims[1]!;
  return {
    op: 'BatchNormalization',
    opset,
    kind: 'smooth',
    attributes: { epsilon: epsilon(draw.uniform(0.01, 0.5)) },
    inputs: [
      { active: dims, values: 'normal' },
      { floats: [channels], values: 'normal' },
      { floats: [channels], values: 'normal' },
      { floats: [channels], values: 'normal' },
      { floats: [channels], values: 'positive' },
    ],
  };
};

const layer: CaseMaker = (draw, opset) => {
  const dims = draw.pick([
    [2, 3, 4, 5],
    [3, 9],
    [2, 4, 6],
  ]);
  const axis = draw.int(0, dims.length - 1);
  const scale = dims.slice(axis);
  return {
    op: 'LayerNormalization',
    opset,
    kind: 'smooth',
    attributes: {
      axis: draw.chance(0.5) ? axis : axis - dims.length,
      epsilon: epsilon(draw.uniform(0.01, 0.5)),
    },
    inputs: [
      { active: dims, values: 'normal' },
      { floats: scale, values: 'normal' },
      ...(draw.chance(0.5) ? [{ floats: scale, values: 'normal' as const }] : []),
    ],
  };
};

const rms: CaseMaker = (draw, opset) => {
  const dims = draw.pick([
    [2, 3, 4, 5],
    [3, 9],
    [2, 4, 6],
  ]);
  const axis = draw.int(0, dims.length - 1);
  return {
    op: 'RMSNormalization',
    opset,
    kind: 'smooth',
    attributes: { axis, epsilon: epsilon(draw.uniform(0.01, 0.5)) },
    inputs: [
      { active: dims, values: 'normal' },
      { floats: dims.slice(axis), values: 'normal' },
    ],
  };
};

const instance: CaseMaker = (draw, opset) => {
  const dims = [draw.int(1, 3), draw.int(1, 4), ...draw.pick([[6], [3, 4], [2, 3, 2]])];
  return {
    op: 'InstanceNormalization',
    opset,
    kind: 'smooth',
    attributes: { epsilon: epsilon(draw.uniform(0.01, 0.5)) },
    inputs: [
      { active: dims, values: 'normal' },
      { floats: [dims[1]!], values: 'normal' },
      { floats: [dims[1]!], values: 'normal' },
    ],
  };
};

const group: CaseMaker = (draw, opset) => {
  const groups = draw.int(1, 3);
  const dims = [draw.int(1, 3), groups * draw.int(1, 3), ...draw.pick([[6], [3, 4]])];
  const perScale = opset >= 21 ? dims[1]! : groups;
  return {
    op: 'GroupNormalization',
    opset,
    kind: 'smooth',
    attributes: { num_groups: groups, epsilon: epsilon(draw.uniform(0.01, 0.5)) },
    inputs: [
      { active: dims, values: 'normal' },
      { floats: [perScale], values: 'normal' },
      { floats: [perScale], values: 'normal' },
    ],
  };
};

const lrn: CaseMaker = (draw, opset) => ({
  op: 'LRN',
  opset,
  kind: 'smooth',
  attributes: {
    size: draw.int(1, 5),
    alpha: epsilon(draw.uniform(0.1, 1)),
    beta: epsilon(draw.uniform(0.3, 1.2)),
    bias: epsilon(draw.uniform(0.5, 2)),
  },
  inputs: [{ active: [draw.int(1, 3), draw.int(1, 7), 3, 4], values: 'normal' }],
});

const lp: CaseMaker = (draw, opset) => ({
  op: 'LpNormalization',
  opset,
  kind: 'smooth',
  attributes: { axis: draw.int(-4, 3), p: draw.pick([1, 2]) },
  inputs: [{ active: [2, 3, 4, 3], values: 'spaced' }],
});

const meanVariance: CaseMaker = (draw, opset) => ({
  op: 'MeanVarianceNormalization',
  opset,
  kind: 'smooth',
  attributes: draw.chance(0.5)
    ? {
        axes: draw.pick([
          [2, 3],
          [1, 2, 3],
          [0, 2, 3],
        ]),
      }
    : {},
  inputs: [{ active: [2, 3, 4, 5], values: 'normal' }],
});

export const normalizationCases: Readonly<
  Record<string, { since: number; make: CaseMaker; weight: number }>
> = {
  BatchNormalization: { since: 7, make: batch, weight: 3 },
  LayerNormalization: { since: 17, make: layer, weight: 3 },
  RMSNormalization: { since: 23, make: rms, weight: 3 },
  InstanceNormalization: { since: 7, make: instance, weight: 3 },
  GroupNormalization: { since: 18, make: group, weight: 3 },
  LRN: { since: 7, make: lrn, weight: 3 },
  LpNormalization: { since: 7, make: lp, weight: 3 },
  MeanVarianceNormalization: { since: 9, make: meanVariance, weight: 2 },
};
