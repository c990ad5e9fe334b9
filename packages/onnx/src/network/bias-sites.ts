import { describeNode, type GradientFlow, gradientPath } from '../autodiff/path.ts';
import { floatAttribute, stringAttribute } from '../graph/attributes.ts';
import { constantOf } from '../graph/constants.ts';
import type { ExternalFiles } from '../proto/tensor-values.ts';
import type { BiasSite, Step } from './bias-site.ts';
import { homogeneousSteps } from './homogeneous-steps.ts';
import { additionSite, batchNormalizationSite, convolutionSite, gemmSite } from './layer-sites.ts';
import { activationSite, clipSite, extremumSite, homogeneousSite } from './nonlinear-sites.ts';

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
    const [tensor = ''] = node.outputs;
    const site = siteOf({ node, tensor, active, flow, files });
    if (site === 'unknown') unknown.push(describeNode(node));
    else if (site) sites.push(site);
  }
  return { sites, unknown };
}

/** undefined: it adds nothing. */
function siteOf(step: Step): BiasSite | undefined | 'unknown' {
  const { node, active, flow, files } = step;
  const { opType, inputs } = node;
  const isActive = inputs.map((name) => active.has(name));
  const degree = isActive.filter(Boolean).length;
  switch (opType) {
    case 'Conv':
    case 'ConvTranspose':
      return convolutionSite(step);
    case 'Gemm':
      return gemmSite(step);
    case 'BatchNormalization':
      return batchNormalizationSite(step);
    case 'Add':
    case 'Sum':
    case 'Sub':
      return additionSite(step);
    case 'Mul':
    case 'MatMul':
    case 'Einsum':
      return homogeneousSite(step, degree);
    case 'Div':
      return homogeneousSite(step, (isActive[0] ? 1 : 0) - (isActive[1] ? 1 : 0));
    case 'Pow': {
      const exponent = isActive[1] ? undefined : constantOf(flow.graph, inputs[1] ?? '', files)?.numbers();
      return exponent?.length === 1 ? homogeneousSite(step, exponent[0]!) : 'unknown';
    }
    case 'Clip':
      return clipSite(step);
    case 'Max':
    case 'Min':
      return extremumSite(step);
    case 'Pad': {
      const value = stringAttribute(node, 'mode', 'constant') === 'constant' ? padValue(step) : 0;
      return value === 0 ? undefined : 'unknown';
    }
    case 'Concat':
      return isActive.every(Boolean) ? undefined : 'unknown';
    default:
      if (homogeneousSteps.has(opType)) return degree === 1 ? undefined : 'unknown';
      return activationSite(step) ?? 'unknown';
  }
}

function padValue({ node, flow: { graph }, files }: Step): number | undefined {
  if (graph.opset < 11) return floatAttribute(node, 'value', 0);
  const name = node.inputs[2] ?? '';
  return name === '' ? 0 : constantOf(graph, name, files)?.numbers()[0];
}
