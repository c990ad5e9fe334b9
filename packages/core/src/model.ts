import type { NdArray } from 'ndarray';
import type { AbortSignalLike } from './errors.ts';

/**
 * The contract between the mathematics and a runtime. An adapter (`@hybridcam/onnx`, `@hybridcam/tfjs`) turns a user's
 * classifier into a `Model`; `explain`, the metrics, the bench and the demo know nothing else about runtimes.
 *
 * Layout: core is channels-first. Adapters convert their own layout at the border and hand out plain float32 copies that
 * stay valid after `dispose`.
 */
export interface Model {
  /** Who runs it and exactly which bytes, for the record of an explanation. */
  readonly identity: ModelIdentity;
  readonly input: ModelInput;
  /** Scores of one image. */
  readonly classCount: number;
  /**
   * Shape of one image's output, at the model's own input size, where it is not one score per class: [classes, height, width] of a segmentation, [candidates, values] of
   * a detector. Its scores are then handed out flat, row-major, and only a finished target can be explained. Default: undefined.
   */
  readonly outputShape?: readonly number[] | undefined;
  /** One name per class, if the caller gave some. */
  readonly labels: readonly string[] | undefined;
  /** Spatial layers in forward order; the ones that cannot be explained say why. */
  readonly layers: readonly SpatialLayer[];
  /** Name of the layer taken when the user names none: the input of the last global pooling before the scores. */
  readonly defaultLayer: string;
  /** The layer for a canonical name or alias. @throws LayerNotFoundError naming near matches and all candidates */
  resolveLayer(name: string): SpatialLayer;
  /** What the model gives beside its layers, to methods that look at the whole network. Default: undefined, nothing. */
  readonly network?: NetworkParts | undefined;
  /**
   * One forward pass. `input` is [batch, channels, height, width], preprocessed.
   * @throws ShapeError, NonFiniteError for an input that does not fit or has a NaN or infinity, which a network may swallow (a ReLU
   *   of NaN can be 0): the one place where an input's numbers are read for that, unless the caller says `knownFinite`
   */
  forward(input: NdArray<Float32Array>, options?: ForwardOptions): Promise<ForwardPass>;
  /** Frees sessions and tensors of ours; never what the user gave us. */
  dispose(): Promise<void>;
}

export interface ForwardOptions {
  /** Layers (canonical names) whose activations and gradients will be asked for. Default: none, scores only. */
  readonly layers?: readonly string[];
  /** Layers, beside those, whose activations `ForwardPass.scoresFrom` will replace. Default: none. */
  readonly tails?: readonly string[];
  /** Parts of the whole network that the pass will be asked for. Default: none. */
  readonly network?: readonly NetworkPart[];
  /**
   * The caller knows that every number of the input is finite, because it was composed of inputs that were looked through: nobody looks
   * again. Default: false.
   */
  readonly knownFinite?: boolean | undefined;
  readonly signal?: AbortSignalLike | undefined;
}

/** What a pass can be asked for of the whole network: `shares` for `ForwardPass.scoreShares`, `attention` and `blocks` for the functions of those names. */
export type NetworkPart = 'shares' | 'attention' | 'blocks';

/** Of each part why it cannot be had: a clause that names what is missing; undefined where it can. */
export interface NetworkParts {
  readonly shares: {
    readonly blockedBy: string | undefined;
    /** Why the shares do not add up to the score, though they can be had: the steps whose own share is not known. */
    readonly partialBy: string | undefined;
  };
  readonly attention: { readonly blockedBy: string | undefined };
  readonly blocks: { readonly blockedBy: string | undefined };
}

export interface ModelIdentity {
  /** For example `onnxruntime-node 1.30.0 (cpu)`. */
  readonly runtime: string;
  /** File or model name as the caller gave it; never a whole path. */
  readonly name: string;
  /**
   * Lower-case hex SHA-256: of a model in one file that of the file; of an ONNX file with external data that of the hashes of all its
   * files; of a tfjs model that of model.json and its weights, one behind the other. undefined only where there are no bytes (a model
   * built in memory).
   */
  readonly sha256: string | undefined;
}

export interface ModelInput {
  readonly name: string;
  readonly channels: number;
  /** undefined: any size. */
  readonly height: number | undefined;
  readonly width: number | undefined;
  /** undefined: any batch size. */
  readonly batch: number | undefined;
}

export interface SpatialLayer {
  /** Canonical name: what `targetLayer`, records and file names use. */
  readonly name: string;
  /** Other names that resolve to it: tensor name, module path, `last`. */
  readonly aliases: readonly string[];
  /** [channels, height, width] at the model's own input size; undefined where the size is known only when it runs. */
  readonly shape: readonly [channels: number, height: number, width: number] | undefined;
  /** Input pixels per cell, where known. */
  readonly stride: number | undefined;
  /** Parameters of the model up to and including this layer, where known. */
  readonly parameterCount: number | undefined;
  /**
   * `constant`: behind this layer the gradient is the same in every cell and comes in closed form from the head;
   * `varying`: a backward pass is needed and available; `unavailable`: see `blockedBy`.
   */
  readonly gradient: 'constant' | 'varying' | 'unavailable';
  /** Why there is no gradient here, naming the op or rule; set only with `unavailable`. */
  readonly blockedBy: string | undefined;
  /** Forward passes that an explanation here takes in all, estimated from multiplications: 1 in closed form; where known. */
  readonly cost?: number | undefined;
  /** How the runtime's own tensor lies, such as `nchw`, `nhwc` or `tokens, 1 before 14×14`; where known. */
  readonly layout?: string | undefined;
}

/** What one forward pass knows. Everything here can be read any number of times. */
export interface ForwardPass {
  /** [batch, classes]: pre-softmax where the model has them; see `scoreKind`. */
  readonly logits: NdArray<Float32Array>;
  /** `logit`: unbounded scores. `probability`: the model only gives probabilities and no logits could be reached. */
  readonly scoreKind: 'logit' | 'probability';
  /** [batch, channels, height, width] of a layer named in `ForwardOptions.layers` or `tails`. */
  activations(layer: string): NdArray<Float32Array>;
  /**
   * ∂(Σ_c cotangent_c · logit_c)/∂A per layer, all layers in one backward pass. `cotangent` is [batch, classes].
   * Another class or target of the same image costs only this call.
   */
  gradients(
    layers: readonly string[],
    cotangent: NdArray<Float32Array>,
    options?: { readonly signal?: AbortSignalLike | undefined },
  ): Promise<ReadonlyMap<string, LayerGradients>>;
  /**
   * [batch, classes]: the scores if a layer named in `ForwardOptions.tails` had `activations` [batch, channels, height, width] instead
   * of its own. Only what lies behind the layer is computed; what reaches the scores around it is that of this pass.
   */
  scoresFrom(
    layer: string,
    activations: NdArray<Float32Array>,
    options?: { readonly signal?: AbortSignalLike | undefined },
  ): Promise<NdArray<Float32Array>>;
  /** logit_c = bias_c + Σ_k weights_ck · mean_ij A_k, where exactly that holds behind the layer; else undefined. */
  linearHead(layer: string): LinearHead | undefined;
  /**
   * What the input and every bias of the network add to Σ_c cotangent_c · logit_c, in one backward pass through all of it. `cotangent` is
   * [batch, classes]. Of models whose `network.shares` is not blocked, in a pass with `ForwardOptions.network` holding `shares`.
   */
  scoreShares?(
    cotangent: NdArray<Float32Array>,
    options?: { readonly signal?: AbortSignalLike | undefined },
  ): Promise<ScoreShares>;
  /**
   * How the tokens of a transformer look at each other. Of models whose `network.attention` is not blocked, in a pass with
   * `ForwardOptions.network` holding `attention`.
   */
  attention?(): Promise<Attention>;
  /**
   * A transformer seen as a chain of blocks. Of models whose `network.blocks` is not blocked, in a pass with `ForwardOptions.network`
   * holding `blocks`.
   */
  blocks?(): Promise<Blocks>;
  dispose(): void;
}

export interface Attention {
  /** Of each layer in forward order, [batch, heads, tokens, tokens]: from the token that looks to the one looked at; rows sum to 1. */
  readonly layers: readonly NdArray<Float32Array>[];
  /** Rows and columns of the patches. */
  readonly grid: readonly [height: number, width: number];
  /** Tokens before the patches. */
  readonly prefix: number;
  /** The token that the scores read; `mean`: all. */
  readonly query: number | 'mean';
}

/** What the tokens behind each block of a transformer give, were it the last one: through the norm, the pooling and the head behind the last. */
export interface Blocks {
  /** [batch, blocks, classes] in forward order; the last block's are the network's own. */
  readonly scores: NdArray<Float32Array>;
  /**
   * ∂(Σ_c cotangent_lc · scores_lc)/∂A_l for the attention A_l of each block l, in one backward pass that ends at A_l: `layers` holds these
   * in place of the matrices. `cotangent` is [batch, blocks, classes].
   */
  gradients(
    cotangent: NdArray<Float32Array>,
    options?: { readonly signal?: AbortSignalLike | undefined },
  ): Promise<Attention>;
}

/**
 * A network that is affine piece by piece, written as such: Σ_c cotangent_c · logit_c is the sum of all these numbers, unless
 * `NetworkParts.shares.partialBy` says what is left out.
 */
export interface ScoreShares {
  /** input ⊙ gradient [batch, channels, height, width]. */
  readonly input: NdArray<Float32Array>;
  /** In forward order. */
  readonly biases: readonly BiasShare[];
}

export interface BiasShare {
  /**
   * `layer`: the bias of a convolution, a linear layer or a normalisation; `nonlinearity`: y − y′·x, what the tangent of a curved or clipped
   * step adds, and single numbers of a formula written out.
   */
  readonly of: 'layer' | 'nonlinearity';
  /** bias ⊙ gradient, [batch, channels, height, width]; [batch, values] where these are no places of the picture. */
  readonly values: NdArray<Float32Array>;
}

/**
 * Gradients of one layer: [batch, channels, height, width], or [batch, channels] where the gradient is the same number in
 * every cell of a channel (then that number, not its sum: Grad-CAM's channel weight).
 */
export type LayerGradients = NdArray<Float32Array>;

export interface LinearHead {
  /** [classes, channels]. */
  readonly weights: NdArray<Float32Array>;
  /** [classes]. */
  readonly bias: NdArray<Float32Array>;
}
