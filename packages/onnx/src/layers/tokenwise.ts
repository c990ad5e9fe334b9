import { intAttribute, intsAttribute } from '../graph/attributes.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';

/**
 * True for operations that treat every token [batch, token, ·] alone: elementwise ones, normalisation over the last axis, a
 * product with a constant matrix.
 * @param forward tensors that depend on the image
 */
export function isTokenwise(node: OnnxNode, forward: ReadonlySet<string>): boolean {
  if (node.domain === 'com.microsoft') return node.opType === 'QuickGelu' || node.opType === 'FastGelu';
  if (node.domain !== '') return false;
  switch (node.opType) {
    case 'MatMul':
      return !forward.has(node.inputs[1] ?? '');
    case 'LayerNormalization':
    case 'RMSNormalization':
      return intAttribute(node, 'axis', -1) === -1 || intAttribute(node, 'axis', -1) === 2;
    case 'ReduceMean': {
      const axes = intsAttribute(node, 'axes');
      // Behind opset 18 the axes are an input; only the mean over channels keeps the tokens' axis and one element.
      return axes === undefined ? true : axes.join() === '-1' || axes.join() === '2';
    }
    default:
      return ELEMENTWISE.has(node.opType);
  }
}

const ELEMENTWISE = new Set([
  'Abs',
  'Add',
  'Cast',
  'Clip',
  'Div',
  'Dropout',
  'Elu',
  'Erf',
  'Exp',
  'Gelu',
  'HardSigmoid',
  'HardSwish',
  'Identity',
  'LeakyRelu',
  'Mish',
  'Mul',
  'Neg',
  'PRelu',
  'Pow',
  'Reciprocal',
  'Relu',
  'Sigmoid',
  'Softplus',
  'Sqrt',
  'Sub',
  'Swish',
  'Tanh',
  'Where',
]);
