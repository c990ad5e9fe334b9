export type { PlanStore } from './autodiff/plan-store.ts';
export type {
  BackwardContext,
  BackwardEngine,
  BackwardGradient,
  BackwardPass,
  BackwardRequest,
} from './backward.ts';
export { bakeModel } from './bake/bake-model.ts';
export {
  type BakeInput,
  type BakeMethod,
  type BakeOptions,
  type BakeOutput,
  bakeInputs,
  bakeMethod,
  bakeMethods,
  bakeOutputs,
} from './bake/bake-options.ts';
export { type ClassMapsSession, createClassMaps } from './class-maps.ts';
export { createOnnxModel, type OnnxClassifier, type OnnxModelOptions } from './create-onnx-model.ts';
export type { ClassifierFacts, HeadFacts } from './facts/classifier-facts.ts';
export { type FileFacts, fileFacts, type ValueFacts, type WeightFacts } from './facts/file-facts.ts';
export * from './graph/index.ts';
export type { TokenOption } from './layers/tokens-of.ts';
export type { OrtRuntime, OrtSession, OrtSessionOptions, OrtTensor } from './ort.ts';
export * from './proto/index.ts';
export { externalLocations } from './runtime/external-data.ts';
