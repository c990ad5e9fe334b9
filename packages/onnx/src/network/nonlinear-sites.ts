import { floatAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import { activationOf } from '../head/activations.ts';
import { type BiasSite, operandOf, type Step } from './bias-site.ts';
import { broadcast, mapped } from './broadcast.ts';

/** (1 − d)·y of a step that is homogeneous of degree d; undefined for degree 1, which adds nothing. */
export function homogeneousSite({ tensor }: Step, degree: number): BiasSite | undefined {
  if (degree === 1) return undefined;
  return {
    tensor,
    of: 'nonlinearity',
    reads: [tensor],
    bias: (values) => mapped(values.get(tensor)!, (y) => (1 - degree) * y),
  };
}

/** The bound of a Clip, where it holds. */
export function clipSite({ node, tensor, flow: { graph }, files }: Step): BiasSite | 'unknown' {
  const bound = (attribute: 'min' | 'max', at: number, none: number): number | undefined => {
    if (graph.opset < 11) return floatAttribute(node, attribute, none);
    const name = node.inputs[at] ?? '';
    return name === '' ? none : constantOf(graph, name, files)?.numbers()[0];
  };
  const low = bound('min', 1, Number.NEGATIVE_INFINITY);
  const high = bound('max', 2, Number.POSITIVE_INFINITY);
  if (low === undefined || high === undefined) return 'unknown';
  return {
    tensor,
    of: 'nonlinearity',
    reads: [tensor],
    bias: (values) => mapped(values.get(tensor)!, (y) => (y > low && y < high ? 0 : y)),
  };
}

/** The constant operand of a Max or Min, where it wins; where both tie, half the gradient is its. */
export function extremumSite(step: Step): BiasSite | undefined | 'unknown' {
  const { node, tensor, active } = step;
  const constants = node.inputs.filter((name) => !active.has(name));
  const [moving] = node.inputs.filter((name) => active.has(name));
  if (constants.length === 0) return undefined;
  if (moving === undefined || node.inputs.length !== 2) return 'unknown';
  const { reads, read } = operandOf(step, constants[0]!);
  return {
    tensor,
    of: 'nonlinearity',
    reads: [moving, ...reads],
    bias: (values, dims) => {
      const x = broadcast(values.get(moving)!, dims);
      const c = broadcast(read(values), dims);
      const wins = node.opType === 'Max' ? (i: number) => c[i]! > x[i]! : (i: number) => c[i]! < x[i]!;
      return c.map((value, i) => (wins(i) ? value : value === x[i] ? value / 2 : 0));
    },
  };
}

/** y − y′·x of an elementwise function; undefined for other nodes. */
export function activationSite({ node, tensor }: Step): BiasSite | undefined {
  const activation = activationOf(node);
  const [x] = node.inputs;
  if (!activation || x === undefined) return undefined;
  return {
    tensor,
    of: 'nonlinearity',
    reads: [tensor, x],
    bias: (values) => {
      const xs = values.get(x)!.values;
      return mapped(values.get(tensor)!, (y, i) => {
        const slope = activation.slope(xs[i]!, y);
        return slope === 0 ? y : y - slope * xs[i]!;
      });
    },
  };
}
