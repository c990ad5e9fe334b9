import { floatAttribute, intAttribute } from '../graph/attributes.ts';
import { constantFloats } from '../head/constant-floats.ts';
import { type BiasSite, operandOf, type Step } from './bias-site.ts';
import { broadcast, type Floats } from './broadcast.ts';

/** The bias of Conv and ConvTranspose; undefined where it has none. */
export function convolutionSite(step: Step): BiasSite | undefined | 'unknown' {
  const [, weights = '', bias] = step.node.inputs;
  if (step.active.has(weights) || step.active.has(bias ?? '')) return 'unknown';
  return bias ? addedSite(step, bias, perChannel) : undefined;
}

/** beta · C of a Gemm; undefined where there is none. */
export function gemmSite(step: Step): BiasSite | undefined | 'unknown' {
  const [a = '', b = '', bias] = step.node.inputs;
  if ((step.active.has(a) && step.active.has(b)) || step.active.has(bias ?? '')) return 'unknown';
  const beta = floatAttribute(step.node, 'beta', 1);
  return bias ? addedSite(step, bias, (values, dims) => scaled(beta, broadcast(values, dims))) : undefined;
}

/** The implicit bias β − μ·γ/√(σ² + ε) of a batch normalisation. */
export function batchNormalizationSite({
  node,
  tensor,
  active,
  flow: { graph },
  files,
}: Step): BiasSite | 'unknown' {
  const parameters = node.inputs.slice(1, 5);
  if (parameters.some((name) => active.has(name)) || intAttribute(node, 'training_mode', 0) !== 0) {
    return 'unknown';
  }
  const [scale, shift, mean, variance] = parameters.map((name) => constantFloats(graph, name, files)?.values);
  if (!scale || !shift || !mean || !variance) return 'unknown';
  const epsilon = floatAttribute(node, 'epsilon', 1e-5);
  const values = Float64Array.from(
    shift,
    (b, i) => b - (mean[i]! * scale[i]!) / Math.sqrt(variance[i]! + epsilon),
  );
  return {
    tensor,
    of: 'layer',
    reads: [],
    bias: (_, dims) => perChannel({ values, dims: [values.length] }, dims),
  };
}

/**
 * The constant of an Add, Sum or Sub; undefined where all operands depend on the input. A single number is a layer's bias only behind the
 * layer's product: else it is part of a function written out, as 1 of GELU or 3 of hard-swish, and no library has it as a bias.
 */
export function additionSite(step: Step): BiasSite | undefined | 'unknown' {
  const { opType, inputs } = step.node;
  const [constant, ...others] = inputs.filter((name) => !step.active.has(name));
  if (constant === undefined) return undefined;
  if (others.length > 0) return 'unknown';
  const sign = opType === 'Sub' && constant === inputs[1] ? -1 : 1;
  const site = addedSite(step, constant, (values, dims) => scaled(sign, broadcast(values, dims)));
  const isNumber = operandOf(step, constant).stored?.dims.every((extent) => extent === 1) ?? false;
  const behindProduct = inputs.some((name) => PRODUCTS.has(step.flow.graph.producer.get(name)?.opType ?? ''));
  return isNumber && !behindProduct ? { ...site, of: 'nonlinearity' } : site;
}

const PRODUCTS = new Set(['Conv', 'ConvTranspose', 'Einsum', 'Gemm', 'MatMul']);

function addedSite(
  step: Step,
  name: string,
  make: (constant: Floats, dims: readonly number[]) => ArrayLike<number>,
): BiasSite {
  const { reads, read } = operandOf(step, name);
  return { tensor: step.tensor, of: 'layer', reads, bias: (values, dims) => make(read(values), dims) };
}

/** [channels] against [batch, channels, …places]. */
function perChannel({ values, dims: own }: Floats, dims: readonly number[]): Float64Array {
  return broadcast({ values, dims: [...own, ...dims.slice(2).map(() => 1)] }, dims);
}

function scaled(factor: number, values: Float64Array): Float64Array {
  return factor === 1 ? values : values.map((value) => factor * value);
}
