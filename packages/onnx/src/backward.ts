import type { AbortSignalLike } from '@hybridcam/core';
import { blockedLayer } from './autodiff/blocked-layer.ts';
import type { PlanStore } from './autodiff/plan-store.ts';
import type { GraphIndex } from './graph/graph-index.ts';
import type { OrtRuntime, OrtSessionOptions, OrtTensor } from './ort.ts';
import type { NodeDescription } from './proto/graph-description.ts';
import type { ExternalFiles } from './proto/tensor-values.ts';

/**
 * The one place where reverse-mode differentiation meets the adapter. The adapter owns the forward session and its taps; an
 * engine says which forward tensors it needs, owns a separate backward session, and turns a cotangent into gradients.
 */
export interface BackwardEngine {
  /**
   * Why no gradient reaches this layer, naming op and node; undefined when one does. Looks at the graph only (no session), so
   * that all layers of a model can be listed quickly.
   */
  blockedBy(layer: string, context: BackwardContext): string | undefined;
  /**
   * Prepares one backward pass for these layers and this input size: probe, plan, session. The adapter caches the result per
   * set of layers and input size, and disposes it.
   * @throws UnsupportedError naming what blocks
   */
  prepare(request: BackwardRequest, context: BackwardContext): Promise<BackwardPass>;
}

export interface BackwardContext {
  readonly ort: OrtRuntime;
  readonly graph: GraphIndex;
  readonly files: ExternalFiles;
  /**
   * The model for a session, with its weights by reference to the file (see `sessionOptions.externalData`): append outputs to
   * these bytes rather than to `graph.model.bytes`, and the weights are not copied.
   */
  readonly sessionBytes: Uint8Array;
  /** Tensor whose cotangent is given: the scores before a final softmax. */
  readonly scores: string;
  /** For the engine's sessions (probe, backward): the caller's, with spinning off, quiet logs and all external data. */
  readonly sessionOptions: OrtSessionOptions;
  /** Where plans are kept besides the engine's own memory. */
  readonly plans?: PlanStore | undefined;
  /** The model with all its weights, as `modelHash`; undefined where nobody wants to pay for it. */
  readonly fingerprint?: (() => Promise<string | undefined>) | undefined;
}

export interface BackwardRequest {
  /** Tensor names of the layers. */
  readonly layers: readonly string[];
  /** Shape of the model's input tensor in this run, in the model's own layout. */
  readonly inputShape: readonly number[];
  readonly signal?: AbortSignalLike | undefined;
}

export interface BackwardPass {
  /** Forward tensors that `run` needs; the adapter fetches them in the forward run. */
  readonly taps: readonly string[];
  /** Nodes that the forward model needs for taps that are no tensors of its own; their names are the same for every pass. */
  readonly tapNodes?: readonly NodeDescription[];
  /**
   * ∂⟨cotangent, scores⟩/∂layer for each layer. `cotangent` is float32 in the shape of `scores`.
   * The tensors in `taps` stay the adapter's: they are read, not disposed.
   */
  run(
    taps: ReadonlyMap<string, OrtTensor>,
    cotangent: OrtTensor,
    options?: { readonly signal?: AbortSignalLike | undefined },
  ): Promise<ReadonlyMap<string, BackwardGradient>>;
  dispose(): Promise<void>;
}

export interface BackwardGradient {
  /** As the layer's tensor in the forward run. */
  readonly dims: readonly number[];
  readonly data: Float32Array;
}

/** The engine that `createOnnxModel` uses where a head's closed form does not apply. */
export const backwardEngine: BackwardEngine = {
  blockedBy: blockedLayer,
  async prepare(request, context) {
    const { defaultEngine } = await import('./autodiff/default-engine.ts');
    return defaultEngine.prepare(request, context);
  },
};
