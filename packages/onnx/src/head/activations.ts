import { floatAttribute, stringAttribute } from '../graph/attributes.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';

/** An elementwise function and its derivative; `y` = value(x), for rules that are simpler in it. */
export interface Activation {
  readonly value: (x: number) => number;
  readonly slope: (x: number, y: number) => number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const clamp01 = (x: number): number => Math.min(1, Math.max(0, x));
const inside01 = (y: number): number => (y > 0 && y < 1 ? 1 : 0);
const softplus = (x: number): number => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** The function of an elementwise node with one data input; undefined for other nodes. At kinks PyTorch's choice. */
export function activationOf(node: OnnxNode): Activation | undefined {
  const alpha = (fallback: number): number => floatAttribute(node, 'alpha', fallback);
  switch (node.opType) {
    case 'Relu':
      return { value: (x) => Math.max(0, x), slope: (x) => (x > 0 ? 1 : 0) };
    case 'LeakyRelu': {
      const a = alpha(0.01);
      return { value: (x) => (x > 0 ? x : a * x), slope: (x) => (x > 0 ? 1 : a) };
    }
    case 'Elu': {
      const a = alpha(1);
      return { value: (x) => (x > 0 ? x : a * Math.expm1(x)), slope: (x, y) => (x > 0 ? 1 : y + a) };
    }
    case 'Celu': {
      const a = alpha(1);
      return {
        value: (x) => (x > 0 ? x : a * Math.expm1(x / a)),
        slope: (x) => (x > 0 ? 1 : Math.exp(x / a)),
      };
    }
    case 'Selu': {
      const a = alpha(1.6732632423543772);
      const gamma = floatAttribute(node, 'gamma', 1.0507009873554805);
      return {
        value: (x) => gamma * (x > 0 ? x : a * Math.expm1(x)),
        slope: (x) => gamma * (x > 0 ? 1 : a * Math.exp(x)),
      };
    }
    case 'Sigmoid':
      return { value: sigmoid, slope: (_, y) => y * (1 - y) };
    case 'Tanh':
      return { value: Math.tanh, slope: (_, y) => 1 - y * y };
    case 'HardSigmoid': {
      const a = alpha(0.2);
      const b = floatAttribute(node, 'beta', 0.5);
      return { value: (x) => clamp01(a * x + b), slope: (_, y) => a * inside01(y) };
    }
    case 'HardSwish':
      return {
        value: (x) => x * clamp01(x / 6 + 0.5),
        slope: (x) => {
          const gate = clamp01(x / 6 + 0.5);
          return gate + (x / 6) * inside01(gate);
        },
      };
    case 'Gelu':
      return stringAttribute(node, 'approximate', 'none') === 'tanh' ? GELU_TANH : GELU;
    case 'Swish': {
      const a = alpha(1);
      return {
        value: (x) => x * sigmoid(a * x),
        slope: (x) => {
          const gate = sigmoid(a * x);
          return gate + a * x * gate * (1 - gate);
        },
      };
    }
    case 'Mish':
      return {
        value: (x) => x * Math.tanh(softplus(x)),
        slope: (x) => {
          const t = Math.tanh(softplus(x));
          return t + x * (1 - t * t) * sigmoid(x);
        },
      };
    case 'Softplus':
      return { value: softplus, slope: sigmoid };
    case 'Softsign':
      return { value: (x) => x / (1 + Math.abs(x)), slope: (x) => 1 / (1 + Math.abs(x)) ** 2 };
    case 'Erf':
      return { value: erf, slope: (x) => (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) };
    case 'Exp':
      return { value: Math.exp, slope: (_, y) => y };
    case 'Log':
      return { value: Math.log, slope: (x) => 1 / x };
    case 'Sqrt':
      return { value: Math.sqrt, slope: (_, y) => 0.5 / y };
    case 'Reciprocal':
      return { value: (x) => 1 / x, slope: (_, y) => -y * y };
    case 'Neg':
      return { value: (x) => -x, slope: () => -1 };
    case 'Abs':
      return { value: Math.abs, slope: Math.sign };
    default:
      return undefined;
  }
}

const GELU: Activation = {
  value: (x) => 0.5 * x * (1 + erf(x / Math.SQRT2)),
  slope: (x) => 0.5 * (1 + erf(x / Math.SQRT2)) + (x * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI),
};

const GELU_TANH: Activation = {
  value: (x) => 0.5 * x * (1 + Math.tanh(geluInner(x))),
  slope: (x) => {
    const t = Math.tanh(geluInner(x));
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * Math.sqrt(2 / Math.PI) * (1 + 3 * 0.044715 * x * x);
  },
};

function geluInner(x: number): number {
  return Math.sqrt(2 / Math.PI) * (x + 0.044715 * x ** 3);
}

/**
 * The error function to float64 precision: Maclaurin series near zero, continued fraction of the complement beyond.
 * JavaScript has none, and the usual five-term fit is good to 1e-7 only.
 */
export function erf(x: number): number {
  const magnitude = Math.abs(x);
  if (magnitude > 6) return Math.sign(x);
  if (magnitude < 2.5) {
    let term = x;
    let sum = x;
    for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum) && n < 100; n++) {
      term *= (-x * x) / n;
      sum += term / (2 * n + 1);
    }
    return (2 / Math.sqrt(Math.PI)) * sum;
  }
  let fraction = magnitude;
  for (let n = 60; n >= 1; n--) fraction = magnitude + n / 2 / fraction;
  const complement = Math.exp(-magnitude * magnitude) / (Math.sqrt(Math.PI) * fraction);
  return Math.sign(x) * (1 - complement);
}
