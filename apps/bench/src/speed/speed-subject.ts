import type { LinearHead, Model, NdArray } from '@hybridcam/core';

/** The runtimes that can be timed: whose library, and where it computes. */
export const speedRuntimes = {
  'onnx-node': { library: 'onnx', device: 'node' },
  'onnx-wasm': { library: 'onnx', device: 'wasm' },
  'tfjs-wasm': { library: 'tfjs', device: 'wasm' },
  'tfjs-node': { library: 'tfjs', device: 'node' },
  'tfjs-cpu': { library: 'tfjs', device: 'cpu' },
} as const;
export type SpeedRuntime = keyof typeof speedRuntimes;

/** A model on one runtime, as the user would run it and as we do. */
export interface SpeedSubject {
  readonly model: Model;
  /**
   * Gets an input [batch, channels, height, width] ready; what comes back is one forward pass of the untouched model in the same
   * runtime with the same options, its scores read: the denominator of every ratio.
   */
  plainForward(input: NdArray<Float32Array>): () => Promise<unknown>;
  /**
   * The same with the runtime's own defaults where ours differ: ONNX Runtime's threads spin between runs. For comparison only; its session
   * is made when asked for.
   */
  readonly defaultForward?: ((input: NdArray<Float32Array>) => Promise<() => Promise<unknown>>) | undefined;
  /** The maps of all classes from activations [channels, height, width], where the runtime itself can make them. */
  readonly classMaps?:
    | ((head: LinearHead) => Promise<{ run(activations: NdArray<Float32Array>): Promise<unknown> }>)
    | undefined;
  dispose(): Promise<void>;
}
