import type { AttributeDescription } from '../../../src/index.ts';
import type { Draw } from './draw.ts';
import type { CaseMaker, OpCase, OpInput, Values } from './op-case.ts';

const shape = (draw: Draw): number[] =>
  draw.pick([
    [2, 3, 4, 5],
    [1, 4, 3, 3],
    [3, 7],
    [2, 3, 5],
    [2, 2, 2, 2, 3],
  ]);

/** A shape that broadcasts into the other's. */
function broadcastable(draw: Draw, dims: readonly number[]): number[] {
  const shrunk = dims.map((extent) => (draw.chance(0.3) ? 1 : extent));
  return shrunk.slice(draw.pick([0, 0, 0, 1, dims.length]));
}

function unary(
  op: string,
  values: Values,
  kind: OpCase['kind'] = 'smooth',
  attributes: (draw: Draw) => Record<string, AttributeDescription> = () => ({}),
): CaseMaker {
  return (draw, opset) => ({
    op,
    opset,
    kind,
    attributes: attributes(draw),
    inputs: [{ active: shape(draw), values }],
  });
}

const float = (value: number): AttributeDescription => ({ float: value });

function binary(op: string, kind: OpCase['kind'], values: readonly [Values, Values]): CaseMaker {
  return (draw, opset) => {
    const dims = shape(draw);
    const small = broadcastable(draw, dims);
    const order = draw.chance(0.5) ? ([dims, small] as const) : ([small, dims] as const);
    const which = draw.pick(['first', 'second', 'both'] as const);
    const inputs = order.map((extents, i): OpInput => {
      const isActive = which === 'both' || (which === 'first') === (i === 0);
      return isActive ? { active: extents, values: values[i]! } : { floats: extents, values: values[i]! };
    });
    return { op, opset, kind: which === 'both' && op !== 'Add' && op !== 'Sub' ? 'smooth' : kind, inputs };
  };
}

function several(op: string, kind: OpCase['kind'], values: Values): CaseMaker {
  return (draw, opset) => {
    const dims = shape(draw);
    const count = draw.int(1, 4);
    const inputs = Array.from({ length: count }, (_, i): OpInput => {
      const extents = i === 0 || opset < 8 ? dims : broadcastable(draw, dims);
      return i === 0 || draw.chance(0.6) ? { active: extents, values } : { floats: extents, values };
    });
    return { op, opset, kind, inputs };
  };
}

const prelu: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  return {
    op: 'PRelu',
    opset,
    kind: 'piecewise',
    inputs: [
      { active: dims, values: 'spaced' },
      { floats: draw.pick([[dims[1]!, ...dims.slice(2).map(() => 1)], [1]]), values: 'normal' },
    ],
  };
};

const clip: CaseMaker = (draw, opset) => {
  const [low, high] = [draw.int(-6, 0) / 4, draw.int(1, 9) / 4];
  const only = draw.pick(['both', 'low', 'high', 'none'] as const);
  const bounds = { min: only === 'both' || only === 'low', max: only === 'both' || only === 'high' };
  return {
    op: 'Clip',
    opset,
    kind: 'piecewise',
    attributes:
      opset < 11
        ? { ...(bounds.min ? { min: float(low) } : {}), ...(bounds.max ? { max: float(high) } : {}) }
        : {},
    inputs:
      opset < 11
        ? [{ active: shape(draw), values: 'spaced' }]
        : [
            { active: shape(draw), values: 'spaced' },
            bounds.min ? { scalar: low } : undefined,
            ...(bounds.max ? [{ scalar: high }] : []),
          ],
  };
};

const pow: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  const exponent = draw.pick([0, 0.5, 1, 2, 3, -1, 1.7]);
  const tensor = draw.chance(0.3);
  return {
    op: 'Pow',
    opset,
    kind: 'smooth',
    inputs: [
      { active: dims, values: 'positive' },
      tensor ? { floats: broadcastable(draw, dims), values: 'normal' } : { scalar: exponent },
    ],
  };
};

const where: CaseMaker = (draw, opset) => {
  const dims = shape(draw);
  return {
    op: 'Where',
    opset,
    kind: 'linear',
    inputs: [
      { booleans: broadcastable(draw, dims) },
      { active: dims, values: 'whole' },
      draw.chance(0.5)
        ? { active: broadcastable(draw, dims), values: 'whole' }
        : { floats: broadcastable(draw, dims), values: 'whole' },
    ],
  };
};

const negativeSlope = (draw: Draw): Record<string, AttributeDescription> => ({
  alpha: float(draw.pick([0.01, 0.3, -0.5])),
});

export const elementwiseCases: Readonly<Record<string, { since: number; make: CaseMaker; weight: number }>> =
  {
    Relu: { since: 7, make: unary('Relu', 'spaced', 'piecewise'), weight: 1 },
    LeakyRelu: { since: 7, make: unary('LeakyRelu', 'spaced', 'piecewise', negativeSlope), weight: 2 },
    PRelu: { since: 9, make: prelu, weight: 2 },
    Elu: {
      since: 7,
      make: unary('Elu', 'spaced', 'smooth', (d) => ({ alpha: float(d.uniform(0.3, 2)) })),
      weight: 1,
    },
    Selu: { since: 7, make: unary('Selu', 'spaced'), weight: 1 },
    Celu: {
      since: 12,
      make: unary('Celu', 'spaced', 'smooth', (d) => ({ alpha: float(d.uniform(0.3, 2)) })),
      weight: 1,
    },
    ThresholdedRelu: {
      since: 10,
      make: unary('ThresholdedRelu', 'spaced', 'piecewise', (d) => ({ alpha: float(d.int(0, 5) / 4) })),
      weight: 1,
    },
    Shrink: {
      since: 9,
      make: unary('Shrink', 'spaced', 'piecewise', (d) => ({
        lambd: float(d.int(0, 5) / 4),
        bias: float(0.3),
      })),
      weight: 1,
    },
    Sigmoid: { since: 7, make: unary('Sigmoid', 'normal'), weight: 1 },
    Tanh: { since: 7, make: unary('Tanh', 'normal'), weight: 1 },
    HardSigmoid: {
      since: 7,
      make: unary('HardSigmoid', 'spaced', 'piecewise', () => ({ alpha: float(0.5), beta: float(0.5) })),
      weight: 1,
    },
    HardSwish: { since: 14, make: unary('HardSwish', 'spaced'), weight: 1 },
    Softplus: { since: 7, make: unary('Softplus', 'normal'), weight: 1 },
    Softsign: { since: 7, make: unary('Softsign', 'spaced'), weight: 1 },
    Mish: { since: 18, make: unary('Mish', 'normal'), weight: 1 },
    Swish: {
      since: 24,
      make: unary('Swish', 'normal', 'smooth', (d) => ({ alpha: float(d.uniform(0.5, 2)) })),
      weight: 1,
    },
    Erf: { since: 9, make: unary('Erf', 'normal'), weight: 1 },
    Gelu: {
      since: 20,
      make: unary('Gelu', 'normal', 'smooth', (d) => ({ approximate: d.pick(['none', 'tanh']) })),
      weight: 2,
    },
    Exp: { since: 7, make: unary('Exp', 'normal'), weight: 1 },
    Log: { since: 7, make: unary('Log', 'positive'), weight: 1 },
    Sqrt: { since: 7, make: unary('Sqrt', 'positive'), weight: 1 },
    Reciprocal: { since: 7, make: unary('Reciprocal', 'positive'), weight: 1 },
    Abs: { since: 7, make: unary('Abs', 'spaced', 'piecewise'), weight: 1 },
    Neg: { since: 7, make: unary('Neg', 'whole', 'linear'), weight: 1 },
    Sin: { since: 7, make: unary('Sin', 'normal'), weight: 1 },
    Cos: { since: 7, make: unary('Cos', 'normal'), weight: 1 },
    Tan: { since: 7, make: unary('Tan', 'unit'), weight: 1 },
    Asin: { since: 7, make: unary('Asin', 'unit'), weight: 1 },
    Acos: { since: 7, make: unary('Acos', 'unit'), weight: 1 },
    Atan: { since: 7, make: unary('Atan', 'normal'), weight: 1 },
    Sinh: { since: 9, make: unary('Sinh', 'normal'), weight: 1 },
    Cosh: { since: 9, make: unary('Cosh', 'normal'), weight: 1 },
    Asinh: { since: 9, make: unary('Asinh', 'normal'), weight: 1 },
    Atanh: { since: 9, make: unary('Atanh', 'unit'), weight: 1 },
    Identity: { since: 7, make: unary('Identity', 'whole', 'linear'), weight: 1 },
    Dropout: { since: 7, make: unary('Dropout', 'whole', 'linear'), weight: 1 },
    Clip: { since: 7, make: clip, weight: 4 },
    Pow: { since: 7, make: pow, weight: 4 },
    Add: { since: 7, make: binary('Add', 'linear', ['whole', 'whole']), weight: 3 },
    Sub: { since: 7, make: binary('Sub', 'linear', ['whole', 'whole']), weight: 3 },
    Mul: { since: 7, make: binary('Mul', 'linear', ['whole', 'whole']), weight: 3 },
    Div: { since: 7, make: binary('Div', 'smooth', ['normal', 'positive']), weight: 3 },
    Sum: { since: 8, make: several('Sum', 'linear', 'whole'), weight: 2 },
    Mean: { since: 8, make: several('Mean', 'linear', 'whole'), weight: 2 },
    Where: { since: 9, make: where, weight: 3 },
  };
