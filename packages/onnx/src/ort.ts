import type { env, InferenceSession, Tensor } from 'onnxruntime-common';

/**
 * The part of an ONNX Runtime package that is used: pass the module itself (`import * as ort from 'onnxruntime-node'`, or
 * `onnxruntime-web`). Nothing is imported here, so the caller decides which runtime is loaded, and when.
 */
export interface OrtRuntime {
  readonly InferenceSession: typeof InferenceSession;
  readonly Tensor: typeof Tensor;
  readonly env?: typeof env;
}

export type OrtSession = InferenceSession;
export type OrtTensor = Tensor;
export type OrtSessionOptions = InferenceSession.SessionOptions;
