import { describeNode, type GradientFlow, gradientPath } from '../autodiff/path.ts';
import { floatAttribute, intAttribute, stringAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import { activationOf } from '../head/activations.ts';
import { constantFloats } from '../head/constant-floats.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import { broadcast, type Floats, mapped } from './broadcast.ts';

/** A tensor into which a step of the network adds something of its own. */
export interface BiasSite {
  readonly tensor: string;
  readonly of: 'layer' | 'nonlinearity';
  /** Tensors of the forward run that `bias` reads. */
  readonly reads: readonly string[];
  /** What is added, in the shape `dims` of the tensor. */
  bias(values: ReadonlyMap<string, Floats>, dims: readonly number[]): ArrayLike<number>;
}

export interface BiasSites {
  /** In forward order. */
  readonly sites: readonly BiasSite[];
  /** Nodes that add something of their own which is not known here. */
  readonly unknown: readonly string[];
}

/**
 * The network as affine pieces: y = J·x + b for every node between the input and the scores, and where its b is not 0. Of a convolution it is
 * the bias; of a step that is homogeneous of degree d it is (1 − d)·y (nothing for ReLU and max pooling, −y for a product of two
 * maps); of a clip its bound where it holds; of another elementwise function y − y′·x.
 */
export function biasSites(flow: GradientFlow, files: ExternalFiles, input: string): BiasSites {
  const { nodes, active } = gradientPath(flow, [input]);
  const sites: BiasSite[] = [];
  const unknown: string[] = [];
  for (const node of nodes) {
    const site = siteOf({ node, active, flow, files });
    if (site === 'unknown') unknown.push(describeNode(node));
    else if (site) sites.push(site);
  }
  return { sites, unknown };
}

interface Question {
  readonly node: OnnxNode;
  /** Tensors that depend on the input through gradients. */
  readonly active: ReadonlySet<string>;
  readonly flow: GradientFlow;
  readonly files: ExternalFiles;
}

/** undefined: it adds nothing. */
function siteOf(question: Question): BiasSite | undefined | 'unknown' {
  const { node, active, files } = question;
  const { graph } = question.flow;
  const { opType, inputs } = node;
  const [tensor = ''] = node.outputs;
  const isActive = inputs.map((name) => active.has(name));
  const degree = isActive.filter(Boolean).length;
  const constants = inputs.filter((name) => name !== '' && !active.has(name));
  const layer = (
    name: string,
    make: (constant: Floats, dims: readonly number[]) => ArrayLike<number>,
  ): BiasSite => {
    const { reads, read } = operand(question, name);
    return { tensor, of: 'layer', reads, bias: (values, dims) => make(read(values), dims) };
  };
  switch (opType) {
    case 'Conv':
    case 'ConvTranspose': {
      if (isActive[1] || isActive[2]) return 'unknown';
      // [channels] against [batch, channels, …places].
      return inputs[2]
        ? layer(inputs[2], ({ values, dims: own }, dims) =>
            broadcast({ values, dims: [...own, ...dims.slice(2).map(() => 1)] }, dims),
          )
        : undefined;
    }
    case 'Gemm': {
      if ((isActive[0] && isActive[1]) || isActive[2]) return 'unknown';
      const beta = floatAttribute(node, 'beta', 1);
      return inputs[2]
        ? layer(inputs[2], (constant, dims) => broadcast(constant, dims).map((value) => beta * value))
        : undefined;
    }
    case 'BatchNormalization': {
      if (isActive.slice(1).some(Boolean) || intAttribute(node, 'training_mode', 0) !== 0) return 'unknown';
      const parameters = inputs.slice(1, 5).map((name) => constantFloats(graph, name, files)?.values);
      const [scale, shift, mean, variance] = parameters;
      if (!scale || !shift || !mean || !variance) return 'unknown';
      const epsilon = floatAttribute(node, 'epsilon', 1e-5);
      const values = Float64Array.from(
        shift,
        (b, i) => b - (mean[i]! * scale[i]!) / Math.sqrt(variance[i]! + epsilon),
      );
      const own = { values, dims: [values.length] };
      return {
        tensor,
        of: 'layer',
        reads: [],
        bias: (_, dims) => broadcast({ ...own, dims: [values.length, ...dims.slice(2).map(() => 1)] }, dims),
      };
    }
    case 'Add':
    case 'Sum':
    case 'Sub': {
      if (constants.length === 0) return undefined;
      if (constants.length > 1) return 'unknown';
      const sign = opType === 'Sub' && constants[0] === inputs[1] ? -1 : 1;
      return layer(constants[0]!, (constant, dims) => broadcast(constant, dims).map((value) => sign * value));
    }
    case 'Mul':
    case 'MatMul':
    case 'Einsum':
      return degree === 1 ? undefined : homogeneous(tensor, degree);
    case 'Div':
      return homogeneous(tensor, (isActive[0] ? 1 : 0) - (isActive[1] ? 1 : 0));
    case 'Pow': {
      const exponent = isActive[1] ? undefined : constantOf(graph, inputs[1] ?? '', files)?.numbers();
      return exponent?.length === 1 ? homogeneous(tensor, exponent[0]!) : 'unknown';
    }
    case 'Clip':
      return clipSite(question, tensor);
    case 'Max':
    case 'Min':
      if (constants.length === 0) return undefined;
      return inputs.length === 2 ? extremumSite(inputs, tensor, active) : 'unknown';
    case 'Pad': {
      const value = stringAttribute(node, 'mode', 'constant') === 'constant' ? padValue(question) : 0;
      return value === 0 ? undefined : 'unknown';
    }
    case 'Concat':
      return constants.length === 0 ? undefined : 'unknown';
    default:
      if (HOMOGENEOUS.has(opType)) return degree === 1 ? undefined : 'unknown';
      return activationSite(node, tensor) ?? 'unknown';
  }
}

/** Steps of degree 1 in one operand: what is scaled goes out scaled, and no more is added. */
const HOMOGENEOUS = new Set([
  'Abs',
  'AveragePool',
  'Cast',
  'CastLike',
  'CumSum',
  'DepthToSpace',
  'Dropout',
  'Expand',
  'Flatten',
  'Gather',
  'GatherElements',
  'GlobalAveragePool',
  'GlobalLpPool',
  'GlobalMaxPool',
  'Identity',
  'LeakyRelu',
  'LpPool',
  'MaxPool',
  'Neg',
  'PRelu',
  'ReduceL1',
  'ReduceL2',
  'ReduceMax',
  'ReduceMean',
  'ReduceMin',
  'ReduceSum',
  'Relu',
  'Reshape',
  'Resize',
  'Slice',
  'SpaceToDepth',
  'Split',
  'Squeeze',
  'ThresholdedRelu',
  'Tile',
  'Transpose',
  'Trilu',
  'Unsqueeze',
  'Upsample',
]);

function homogeneous(tensor: string, degree: number): BiasSite | undefined {
  if (degree === 1) return undefined;
  return {
    tensor,
    of: 'nonlinearity',
    reads: [tensor],
    bias: (values) => mapped(values.get(tensor)!, (y) => (1 - degree) * y),
  };
}

function clipSite({ node, flow: { graph }, files }: Question, tensor: string): BiasSite | 'unknown' {
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

/** Where the operand that does not depend on the input wins, it is what is added. */
function extremumSite(inputs: readonly string[], tensor: string, active: ReadonlySet<string>): BiasSite {
  const [moving] = inputs.filter((name) => active.has(name)) as [string];
  return {
    tensor,
    of: 'nonlinearity',
    reads: [tensor, moving],
    bias: (values, dims) => {
      const x = broadcast(values.get(moving)!, dims);
      return mapped(values.get(tensor)!, (y, i) => (y === x[i] ? 0 : y));
    },
  };
}

function activationSite(node: OnnxNode, tensor: string): BiasSite | undefined {
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

function padValue({ node, flow: { graph }, files }: Question): number | undefined {
  if (graph.opset < 11) return floatAttribute(node, 'value', 0);
  const name = node.inputs[2] ?? '';
  return name === '' ? 0 : constantOf(graph, name, files)?.numbers()[0];
}

/** An operand that does not depend on the input by a gradient: stored in the file, or computed when the model runs. */
function operand(
  { flow: { graph }, files }: Question,
  name: string,
): { readonly reads: readonly string[]; read(values: ReadonlyMap<string, Floats>): Floats } {
  const constant = constantFloats(graph, name, files);
  if (constant) return { reads: [], read: () => constant };
  return { reads: [name], read: (values) => values.get(name)! };
}
