import { intAttribute, intsAttribute } from '../graph/attributes.ts';
import { isFloatType } from '../proto/data-type.ts';
import type { OnnxNode } from '../proto/onnx-model.ts';
import { activationOf } from './activations.ts';
import { constantFloats } from './constant-floats.ts';
import { isBinaryOp } from './elementwise.ts';
import {
  binaryStep,
  clipStep,
  comparisonStep,
  expandStep,
  powStep,
  preluStep,
  whereStep,
} from './elementwise-steps.ts';
import { convStep, gemmStep, matMulStep } from './linear-steps.ts';
import { batchNormStep, layerNormStep, reduceStep } from './normalization-steps.ts';
import {
  type ConstantInput,
  type HeadQuestion,
  length,
  renamedShape,
  type Slot,
  type StepResult,
  shapeWithoutBatch,
} from './step-context.ts';
import { mapVector, renameOperation, type VectorOperation } from './vector-step.ts';

/** One node of a head as an operation on vectors. */
export function readStep(
  question: HeadQuestion,
  node: OnnxNode,
  slots: ReadonlyMap<string, Slot>,
): StepResult {
  const { graph, files } = question;
  if (node.domain !== '') return `no closed form for operators of domain ${node.domain}`;
  if (node.captured.length > 0) return 'no closed form for control flow';
  if (node.outputs.slice(1).some((name) => graph.consumers.has(name))) return 'its further outputs are used';
  const active = node.inputs.map((name) => slots.get(name));
  const x = active[0];
  const constant: ConstantInput = (i) => {
    const name = node.inputs[i];
    return name ? constantFloats(graph, name, files) : undefined;
  };
  if (isBinaryOp(node.opType)) return binaryStep(node, active, constant);
  if (node.opType === 'Where') return whereStep(active, constant);
  if (!x || active.slice(1).some(Boolean)) return 'no closed form for two inputs that depend on the image';
  const n = length(x.shape);
  const activation = activationOf(node);
  if (activation) {
    const operation: VectorOperation = {
      affine: node.opType === 'Neg',
      length: n,
      forward: ([v]) => mapVector(v!, activation.value),
      backward: (dY, [v], y) => [
        mapVector(dY, (d, i) => (d === 0 ? 0 : d * activation.slope(v![i]!, y[i]!))),
      ],
    };
    return { operation, shape: x.shape };
  }
  switch (node.opType) {
    case 'Dropout':
      if (node.inputs[2] && constant(2)?.values[0] !== 0) return 'it may be in training mode';
      return { operation: renameOperation(n), shape: x.shape };
    case 'Identity':
      return { operation: renameOperation(n), shape: x.shape };
    case 'Cast': {
      const type = question.shapes.get(node.outputs[0]!)?.dataType;
      const to = intAttribute(node, 'to', 0);
      // 1 float32, 10 float16, 11 float64, 16 bfloat16
      if (![1, 10, 11, 16].includes(to) || (type && !isFloatType(type))) return 'casts to integers';
      return { operation: renameOperation(n), shape: x.shape };
    }
    case 'Flatten':
      if (![1, -x.shape.length].includes(intAttribute(node, 'axis', 1))) return 'flattens the batch';
      return { operation: renameOperation(n), shape: [n] };
    case 'Reshape':
    case 'Squeeze':
    case 'Unsqueeze':
    case 'Transpose': {
      if (node.opType === 'Transpose' && (intsAttribute(node, 'perm')?.[0] ?? 1) !== 0)
        return 'moves the batch';
      const shape = renamedShape(question, node, x.shape);
      if (!shape) return 'its result is no vector per image';
      return { operation: renameOperation(n), shape };
    }
    case 'Expand':
      return expandStep(x, shapeWithoutBatch(question, node));
    case 'Greater':
    case 'GreaterOrEqual':
    case 'Less':
    case 'LessOrEqual':
      return comparisonStep(node.opType, x, constant);
    case 'Gemm':
      return gemmStep(node, x, constant);
    case 'MatMul':
      return matMulStep(x, constant(1));
    case 'Conv':
      return convStep(node, x, constant);
    case 'Clip':
      return clipStep(graph.opset, node, x, constant);
    case 'Pow':
      return powStep(x, constant);
    case 'PRelu':
      return preluStep(x, constant);
    case 'BatchNormalization':
      return batchNormStep(node, x, constant);
    case 'LayerNormalization':
      return layerNormStep(node, x, constant);
    case 'ReduceMean':
    case 'ReduceSum':
    case 'ReduceL2':
      return reduceStep(node.opType, node, x, constant);
    default:
      return 'no closed form for this operator';
  }
}
