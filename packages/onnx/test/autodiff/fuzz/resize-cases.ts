import type { AttributeDescription } from '../../../src/index.ts';
import type { CaseMaker, OpInput } from './op-case.ts';

const resize: CaseMaker = (draw, opset) => {
  const dims = [draw.int(1, 2), draw.int(1, 3), draw.int(1, 7), draw.int(1, 7)];
  const mode = draw.pick(opset >= 11 ? ['nearest', 'linear', 'linear', 'cubic'] : ['nearest', 'linear']);
  const ratios = [1, 1, draw.pick([0.5, 0.6, 1, 1.7, 2, 3]), draw.pick([0.5, 0.6, 1, 1.7, 2, 3])];
  const attributes: Record<string, AttributeDescription> = { mode };
  const scales: OpInput = { numbers: ratios };
  if (opset < 11)
    return {
      op: 'Resize',
      opset,
      kind: 'linear',
      attributes,
      inputs: [{ active: dims, values: 'whole' }, scales],
    };
  attributes['coordinate_transformation_mode'] = draw.pick([
    'half_pixel',
    'pytorch_half_pixel',
    'align_corners',
    'asymmetric',
    ...(opset >= 19 ? ['half_pixel_symmetric'] : []),
    ...(opset < 13 ? ['tf_half_pixel_for_nn'] : []),
  ]);
  if (mode === 'nearest') {
    attributes['nearest_mode'] = draw.pick(['round_prefer_floor', 'round_prefer_ceil', 'floor', 'ceil']);
  }
  if (mode === 'cubic') {
    if (draw.chance(0.5)) attributes['cubic_coeff_a'] = { float: -0.5 };
    if (draw.chance(0.5)) attributes['exclude_outside'] = 1;
  }
  if (opset >= 18 && mode !== 'nearest' && draw.chance(0.4)) attributes['antialias'] = 1;
  const sizes = dims.map((extent, i) => Math.max(1, Math.floor(extent * ratios[i]!)));
  const bySize = draw.chance(0.5);
  const axes = opset >= 18 && draw.chance(0.4);
  if (axes) attributes['axes'] = [2, 3];
  const roi: OpInput | undefined = opset < 13 ? { numbers: [] } : undefined;
  const pick = <T>(values: readonly T[]): T[] => (axes ? values.slice(2) : [...values]);
  return {
    op: 'Resize',
    opset,
    kind: 'linear',
    attributes,
    inputs: bySize
      ? [
          { active: dims, values: 'whole' },
          roi,
          opset < 13 ? { numbers: [] } : undefined,
          { integers: pick(sizes), computed: draw.chance(0.3) },
        ]
      : [{ active: dims, values: 'whole' }, roi, { numbers: pick(ratios) }],
  };
};

const upsample: CaseMaker = (draw, opset) => {
  const scales = [1, 1, draw.pick([1, 2, 3, 1.5]), draw.pick([1, 2, 3, 2.5])];
  const dims = [draw.int(1, 2), draw.int(1, 3), draw.int(1, 5), draw.int(1, 5)];
  const mode = draw.pick(['nearest', 'linear']);
  return opset >= 9
    ? {
        op: 'Upsample',
        opset,
        kind: 'linear',
        attributes: { mode },
        inputs: [{ active: dims, values: 'whole' }, { numbers: scales }],
      }
    : {
        op: 'Upsample',
        opset,
        kind: 'linear',
        attributes: { mode, scales: { floats: scales } },
        inputs: [{ active: dims, values: 'whole' }],
      };
};

export const resizeCases: Readonly<
  Record<string, { since: number; until?: number; make: CaseMaker; weight: number }>
> = {
  Resize: { since: 10, make: resize, weight: 12 },
  Upsample: { since: 7, until: 9, make: upsample, weight: 3 },
};
