import type { AttributeDescription } from '../../../src/index.ts';
import type { Draw } from './draw.ts';
import type { CaseMaker, OpInput } from './op-case.ts';

const shape = (draw: Draw): number[] =>
  draw.pick([
    [2, 3, 4, 5],
    [1, 4, 3, 3],
    [3, 7],
    [2, 3, 5],
    [5, 2, 2, 2, 3],
  ]);
const active = (dims: readonly number[]): OpInput => ({ active: dims, values: 'whole' });

const reshape: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  const target = draw.pick([[-1], [0, -1], draw.shuffled(dims), [...dims.slice(0, -1), 1, dims.at(-1)!]]);
  return {
    op: 'Reshape',
    opset,
    kind: 'linear',
    inputs: [active(dims), { integers: target, computed: draw.chance(0.4) }],
  };
};

const flatten: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  return {
    op: 'Flatten',
    opset,
    kind: 'linear',
    attributes: { axis: draw.int(0, dims.length) },
    inputs: [active(dims)],
  };
};

function squeeze(op: 'Squeeze' | 'Unsqueeze'): CaseMaker {
  return (draw, opset) => {
    const dims =
      op === 'Squeeze'
        ? draw.pick([
            [2, 1, 3, 1],
            [1, 4, 1],
            [3, 1],
          ])
        : [2, 3, 4];
    const axes =
      op === 'Squeeze'
        ? draw.shuffled(dims.flatMap((extent, i) => (extent === 1 ? [i] : []))).slice(0, draw.int(1, 2))
        : draw.pick([[0], [1], [3], [0, 2], [4, 1]]);
    return opset >= 13
      ? { op, opset, kind: 'linear', inputs: [active(dims), { integers: axes, computed: draw.chance(0.3) }] }
      : { op, opset, kind: 'linear', attributes: { axes }, inputs: [active(dims)] };
  };
}

const transpose: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  const perm = draw.shuffled(dims.map((_, i) => i));
  return {
    op: 'Transpose',
    opset,
    kind: 'linear',
    attributes: draw.chance(0.8) ? { perm } : {},
    inputs: [active(dims)],
  };
};

const expand: CaseMaker = (draw, opset) => {
  const full = shape(draw);
  const dims = full.map((extent) => (draw.chance(0.4) ? 1 : extent)).slice(draw.pick([0, 0, 1]));
  return {
    op: 'Expand',
    opset,
    kind: 'linear',
    inputs: [active(dims), { integers: full, computed: draw.chance(0.3) }],
  };
};

const tile: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  return {
    op: 'Tile',
    opset,
    kind: 'linear',
    inputs: [active(dims), { integers: dims.map(() => draw.int(1, 3)), computed: draw.chance(0.3) }],
  };
};

const concat: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  const axis = draw.int(0, dims.length - 1);
  const inputs = Array.from({ length: draw.int(1, 4) }, (_, i): OpInput => {
    const extents = dims.map((extent, a) => (a === axis ? draw.int(1, 4) : extent));
    return i === 0 || draw.chance(0.6) ? active(extents) : { floats: extents, values: 'whole' };
  });
  const negative = opset >= 11 && draw.chance(0.4);
  return {
    op: 'Concat',
    opset,
    kind: 'linear',
    attributes: { axis: negative ? axis - dims.length : axis },
    inputs,
  };
};

const split: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  const axis = draw.int(0, dims.length - 1);
  const outputs = draw.int(1, 4);
  const parts = Array.from({ length: outputs }, () => draw.int(1, 3));
  const extents = dims.map((extent, a) => (a === axis ? parts.reduce((x, y) => x + y, 0) : extent));
  const unused = parts.flatMap((_, i) => (i < outputs - 1 && draw.chance(0.3) ? [i] : []));
  const common = { op: 'Split', opset, kind: 'linear' as const, outputs, unused };
  return opset >= 13
    ? {
        ...common,
        attributes: { axis },
        inputs: [active(extents), { integers: parts, computed: draw.chance(0.3) }],
      }
    : { ...common, attributes: { axis, split: parts }, inputs: [active(extents)] };
};

const slice: CaseMaker = (draw, opset) => {
  const dims = shape(draw).map((extent) => extent + draw.int(0, 4));
  const axes = draw.shuffled(dims.map((_, i) => i)).slice(0, draw.int(1, dims.length));
  const starts: number[] = [];
  const ends: number[] = [];
  const steps: number[] = [];
  for (const axis of axes) {
    const extent = dims[axis]!;
    const step = opset >= 10 ? draw.pick([1, 1, 2, 3, -1, -2]) : 1;
    const [low, high] = [draw.int(0, extent - 1), draw.int(0, extent - 1)].sort((a, b) => a - b) as [
      number,
      number,
    ];
    const [start, end] = step > 0 ? [low, high + 1] : [high, low - 1];
    starts.push(draw.chance(0.3) ? start - extent : start);
    // Beyond the end on purpose, as exporters write "to the end".
    if (step > 0) ends.push(draw.chance(0.3) ? draw.pick([2 ** 31 - 1, 9e15]) : end);
    else ends.push(end < 0 || draw.chance(0.3) ? -(2 ** 31) : end);
    steps.push(step);
  }
  if (opset < 10) {
    return { op: 'Slice', opset, kind: 'linear', attributes: { starts, ends, axes }, inputs: [active(dims)] };
  }
  const computed = draw.chance(0.3);
  return {
    op: 'Slice',
    opset,
    kind: 'linear',
    inputs: [
      active(dims),
      { integers: starts, computed },
      { integers: ends, computed },
      { integers: axes },
      ...(steps.some((step) => step !== 1) || draw.chance(0.3) ? [{ integers: steps }] : []),
    ],
  };
};

const gather: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  const axis = draw.int(0, dims.length - 1);
  const extent = dims[axis]!;
  const index = (): number => draw.int(opset >= 11 ? -extent : 0, extent - 1);
  const indexDims = draw.pick([[], [1], [3], [2, 2]]);
  const count = indexDims.reduce((a, b) => a * b, 1);
  const run = draw.chance(0.3) && count <= extent;
  return {
    op: 'Gather',
    opset,
    kind: 'linear',
    attributes: { axis: draw.chance(0.3) ? axis - dims.length : axis },
    inputs: [
      active(dims),
      {
        integers: Array.from({ length: count }, (_, i) => (run ? i : index())),
        dims: indexDims,
        computed: draw.chance(0.2),
      },
    ],
  };
};

const gatherElements: CaseMaker = (draw, opset) => {
  const dims = draw.pick([
    [3, 4],
    [2, 3, 4],
  ]);
  const axis = draw.int(0, dims.length - 1);
  const count = draw.int(1, 5);
  const indexDims = dims.map((extent, i) => (i === axis ? count : extent));
  const size = indexDims.reduce((a, b) => a * b, 1);
  return {
    op: 'GatherElements',
    opset,
    kind: 'linear',
    attributes: { axis },
    inputs: [
      active(dims),
      {
        integers: Array.from({ length: size }, () => draw.int(-dims[axis]!, dims[axis]! - 1)),
        dims: indexDims,
      },
    ],
  };
};

const pad: CaseMaker = (draw, opset) => {
  const dims = draw.pick([
    [2, 3, 5, 6],
    [1, 2, 4, 4],
    [3, 7],
  ]);
  const modes = opset >= 19 ? ['constant', 'reflect', 'edge', 'wrap'] : ['constant', 'reflect', 'edge'];
  const mode = draw.pick(modes);
  const negative = draw.chance(0.3);
  const amounts = [...dims, ...dims].map((extent) =>
    draw.chance(0.4)
      ? 0
      : draw.int(negative ? -Math.floor((extent - 1) / 2) : 0, mode === 'constant' ? 3 : extent - 1),
  );
  const attributes: Record<string, AttributeDescription> = { mode };
  if (opset < 11) {
    return {
      op: 'Pad',
      opset,
      kind: 'linear',
      attributes: { ...attributes, pads: amounts },
      inputs: [active(dims)],
    };
  }
  const computed = draw.chance(0.3);
  if (opset >= 18 && draw.chance(0.5)) {
    const axes = draw.shuffled(dims.map((_, i) => i)).slice(0, draw.int(1, dims.length));
    const pads = [...axes.map((a) => amounts[a]!), ...axes.map((a) => amounts[a + dims.length]!)];
    return {
      op: 'Pad',
      opset,
      kind: 'linear',
      attributes,
      inputs: [active(dims), { integers: pads, computed }, undefined, { integers: axes }],
    };
  }
  return {
    op: 'Pad',
    opset,
    kind: 'linear',
    attributes,
    inputs: [active(dims), { integers: amounts, computed }],
  };
};

const depthToSpace: CaseMaker = (draw, opset) => {
  const block = draw.int(1, 3);
  return {
    op: 'DepthToSpace',
    opset,
    kind: 'linear',
    attributes: { blocksize: block, ...(opset >= 11 ? { mode: draw.pick(['DCR', 'CRD']) } : {}) },
    inputs: [active([draw.int(1, 3), block ** 2 * draw.int(1, 3), draw.int(1, 4), draw.int(1, 4)])],
  };
};

const spaceToDepth: CaseMaker = (draw, opset) => {
  const block = draw.int(1, 3);
  return {
    op: 'SpaceToDepth',
    opset,
    kind: 'linear',
    attributes: { blocksize: block },
    inputs: [active([draw.int(1, 3), draw.int(1, 3), block * draw.int(1, 3), block * draw.int(1, 3)])],
  };
};

const cumSum: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  return {
    op: 'CumSum',
    opset,
    kind: 'linear',
    attributes: { exclusive: draw.int(0, 1), reverse: draw.int(0, 1) },
    inputs: [
      active(dims),
      { integers: [draw.int(-dims.length, dims.length - 1)], dims: [], computed: draw.chance(0.3) },
    ],
  };
};

const trilu: CaseMaker = (draw, opset) => ({
  op: 'Trilu',
  opset,
  kind: 'linear',
  attributes: { upper: draw.int(0, 1) },
  inputs: [
    active([2, draw.int(2, 5), draw.int(2, 5)]),
    ...(draw.chance(0.6) ? [{ integers: [draw.int(-2, 2)], dims: [] }] : []),
  ],
});

export const layoutCases: Readonly<Record<string, { since: number; make: CaseMaker; weight: number }>> = {
  Reshape: { since: 7, make: reshape, weight: 3 },
  Flatten: { since: 7, make: flatten, weight: 2 },
  Squeeze: { since: 7, make: squeeze('Squeeze'), weight: 2 },
  Unsqueeze: { since: 7, make: squeeze('Unsqueeze'), weight: 2 },
  Transpose: { since: 7, make: transpose, weight: 3 },
  Expand: { since: 8, make: expand, weight: 3 },
  Tile: { since: 7, make: tile, weight: 3 },
  Concat: { since: 7, make: concat, weight: 3 },
  Split: { since: 7, make: split, weight: 4 },
  Slice: { since: 7, make: slice, weight: 8 },
  Gather: { since: 7, make: gather, weight: 5 },
  GatherElements: { since: 11, make: gatherElements, weight: 2 },
  Pad: { since: 7, make: pad, weight: 8 },
  DepthToSpace: { since: 7, make: depthToSpace, weight: 2 },
  SpaceToDepth: { since: 7, make: spaceToDepth, weight: 2 },
  CumSum: { since: 11, make: cumSum, weight: 2 },
  Trilu: { since: 14, make: trilu, weight: 1 },
};
