import type { Draw } from './draw.ts';
import type { CaseMaker, OpCase } from './op-case.ts';

interface Geometry {
  readonly kernel: number[];
  readonly input: number[];
  readonly attributes: Record<string, number | string | number[]>;
}

function geometry(draw: Draw, options: { dilations: boolean; spatial?: number }): Geometry {
  const spatial = options.spatial ?? draw.pick([1, 2, 2, 2, 3]);
  const each = <T>(make: () => T): T[] => Array.from({ length: spatial }, make);
  const kernel = each(() => draw.pick([1, 2, 3, 3, 5]));
  const strides = each(() => draw.pick([1, 1, 2, 3]));
  const dilations = each(() => (options.dilations ? draw.pick([1, 1, 2]) : 1));
  const largest = spatial === 3 ? 7 : 12;
  const input = kernel.map((size, i) => draw.int((size - 1) * dilations[i]! + 1, largest + size));
  const attributes: Geometry['attributes'] = { kernel_shape: kernel, strides };
  if (dilations.some((value) => value !== 1)) attributes['dilations'] = dilations;
  const padding = draw.pick(['none', 'pads', 'pads', 'auto']);
  if (padding === 'pads') attributes['pads'] = [...kernel, ...kernel].map((size) => draw.int(0, size - 1));
  if (padding === 'auto') attributes['auto_pad'] = draw.pick(['SAME_UPPER', 'SAME_LOWER', 'VALID']);
  return { kernel, input, attributes };
}

const conv: CaseMaker = (draw, opset) => {
  const { kernel, input, attributes } = geometry(draw, { dilations: true });
  const group = draw.pick([1, 1, 2, 4, 'depthwise'] as const);
  const channels = group === 'depthwise' ? draw.int(2, 6) : group * draw.int(1, 2);
  const groups = group === 'depthwise' ? channels : group;
  const outputs = groups * draw.int(1, 3);
  return {
    op: 'Conv',
    opset,
    kind: 'linear',
    attributes: { ...attributes, group: groups },
    inputs: [
      { active: [draw.int(1, 3), channels, ...input], values: 'whole' },
      { floats: [outputs, channels / groups, ...kernel], values: 'whole' },
      ...(draw.chance(0.3) ? [{ floats: [outputs], values: 'whole' as const }] : []),
    ],
  };
};

const convTranspose: CaseMaker = (draw, opset) => {
  const { kernel, input, attributes } = geometry(draw, { dilations: true, spatial: draw.pick([1, 2, 2]) });
  const group = draw.pick([1, 1, 2]);
  const channels = group * draw.int(1, 3);
  const strides = attributes['strides'] as number[];
  if (draw.chance(0.3)) attributes['output_padding'] = strides.map((stride) => draw.int(0, stride - 1));
  if (draw.chance(0.2) && !attributes['pads']) {
    delete attributes['output_padding'];
    const dilations = (attributes['dilations'] as number[] | undefined) ?? kernel.map(() => 1);
    attributes['output_shape'] = input.map(
      (extent, i) =>
        (extent - 1) * strides[i]! + (kernel[i]! - 1) * dilations[i]! + 1 - draw.int(0, kernel[i]! - 1),
    );
  }
  return {
    op: 'ConvTranspose',
    opset,
    kind: 'linear',
    attributes: { ...attributes, group },
    inputs: [
      { active: [draw.int(1, 2), channels, ...input], values: 'whole' },
      { floats: [channels, draw.int(1, 3), ...kernel], values: 'whole' },
    ],
  };
};

function pool(op: 'MaxPool' | 'AveragePool'): CaseMaker {
  return (draw, opset) => {
    const dilated = op === 'MaxPool' ? opset >= 10 : opset >= 19;
    const { input, attributes } = geometry(draw, { dilations: dilated });
    if (opset >= 10 && draw.chance(0.4)) attributes['ceil_mode'] = 1;
    if (op === 'AveragePool' && draw.chance(0.5)) attributes['count_include_pad'] = 1;
    return {
      op,
      opset,
      kind: op === 'MaxPool' ? 'piecewise' : 'linear',
      attributes,
      inputs: [
        { active: [draw.int(1, 3), draw.int(1, 3), ...input], values: op === 'MaxPool' ? 'spaced' : 'whole' },
      ],
    };
  };
}

function globalPool(op: string, kind: OpCase['kind']): CaseMaker {
  return (draw, opset) => ({
    op,
    opset,
    kind,
    inputs: [
      {
        active: [draw.int(1, 3), draw.int(1, 4), ...draw.pick([[5], [3, 4], [1, 1], [2, 3, 2]])],
        values: kind === 'linear' ? 'whole' : 'spaced',
      },
    ],
  });
}

const lpPool: CaseMaker = (draw, opset) => {
  const { input, attributes } = geometry(draw, { dilations: opset >= 18, spatial: draw.pick([1, 2]) });
  if (opset >= 18 && draw.chance(0.3)) attributes['ceil_mode'] = 1;
  return {
    op: 'LpPool',
    opset,
    kind: 'smooth',
    attributes: { ...attributes, p: draw.pick([1, 2, 3]) },
    inputs: [{ active: [draw.int(1, 2), draw.int(1, 3), ...input], values: 'positive' }],
  };
};

const globalLpPool: CaseMaker = (draw, opset) => ({
  op: 'GlobalLpPool',
  opset,
  kind: 'smooth',
  attributes: { p: draw.pick([1, 2, 3]) },
  inputs: [{ active: [draw.int(1, 3), draw.int(1, 4), ...draw.pick([[5], [3, 4]])], values: 'spaced' }],
});

export const windowCases: Readonly<Record<string, { since: number; make: CaseMaker; weight: number }>> = {
  Conv: { since: 7, make: conv, weight: 10 },
  ConvTranspose: { since: 7, make: convTranspose, weight: 5 },
  MaxPool: { since: 8, make: pool('MaxPool'), weight: 7 },
  AveragePool: { since: 7, make: pool('AveragePool'), weight: 7 },
  GlobalAveragePool: { since: 7, make: globalPool('GlobalAveragePool', 'linear'), weight: 1 },
  LpPool: { since: 7, make: lpPool, weight: 3 },
  GlobalLpPool: { since: 7, make: globalLpPool, weight: 1 },
  GlobalMaxPool: { since: 7, make: globalPool('GlobalMaxPool', 'piecewise'), weight: 1 },
};
