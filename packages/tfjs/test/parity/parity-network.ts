import type { NdArray } from '@hybridcam/core';
import type { LayerPair } from './parity-requests.ts';

/** A network in both forms, and pictures to explain. */
export interface ParityNetwork {
  readonly onnx: Uint8Array;
  /** Folder of model.json and weights.bin. */
  readonly tfjs: string;
  readonly last: LayerPair;
  readonly middle: LayerPair;
  /** The activations between the middle layer and the scores: all of the network's kinks that a gradient there meets. */
  readonly kinks: readonly LayerPair[];
  /** Where they have their upper kink: 6 for relu6, Infinity for relu. The lower one is 0. */
  readonly ceiling: number;
  readonly pictures: readonly Picture[];
}

export interface Picture {
  readonly name: string;
  /** Preprocessed, [1, 3, height, width]. */
  readonly input: NdArray<Float32Array>;
}
