export { bytesPerElement, DATA_TYPE_CODE, type DataType, isFloatType } from './data-type.ts';
export type {
  AttributeDescription,
  ExternalTensorDescription,
  GraphDescription,
  InitializerDescription,
  NodeDescription,
  TensorDescription,
  ValueDescription,
} from './graph-description.ts';
export { floatsToHalves, floatToHalf, halfToFloat, halvesToFloats } from './half.ts';
export { READ_LIMITS } from './limits.ts';
export type {
  ExternalData,
  OnnxAttribute,
  OnnxGraph,
  OnnxModel,
  OnnxNode,
  OnnxTensor,
  ValueInfo,
} from './onnx-model.ts';
export { readOnnx } from './read-onnx.ts';
export { type ExternalFiles, elementCount, rawValues, tensorFloats, tensorNumbers } from './tensor-values.ts';
export { appendToModel, type ModelDescription, writeModel } from './write-onnx.ts';
