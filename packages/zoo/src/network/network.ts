/**
 * A classifier as data: steps in execution order, each naming the tensor it reads and the one it makes. Parameter names are the
 * checkpoint's, step names are PyTorch's module paths, so that a layer has the same name on every runtime.
 */
export interface Network {
  readonly name: string;
  readonly input: {
    readonly name: string;
    readonly channels: number;
    readonly height: number;
    readonly width: number;
  };
  /** Name of the last step; its output [batch, classes] are the logits. */
  readonly output: string;
  readonly classCount: number;
  readonly steps: readonly Step[];
}

export type Step =
  | ConvolutionStep
  | BatchNormStep
  | ReluStep
  | MaxPoolStep
  | AddStep
  | GlobalAveragePoolStep
  | LinearStep;

interface StepBase {
  /** Module path, unique; also the name of the tensor the step makes. */
  readonly name: string;
  readonly input: string;
  /** Prefix of the checkpoint's parameters, where it is not the step's name. */
  readonly parameters?: string;
}

export interface ConvolutionStep extends StepBase {
  readonly op: 'convolution';
  readonly inChannels: number;
  readonly outChannels: number;
  readonly kernel: number;
  readonly stride: number;
  /** Zeros on every side. */
  readonly padding: number;
  readonly groups: number;
  /** Parameters: `PREFIX.weight` [out, in / groups, kernel, kernel] and, if set, `PREFIX.bias` [out]. */
  readonly bias: boolean;
}

export interface BatchNormStep extends StepBase {
  readonly op: 'batch-norm';
  readonly channels: number;
  /** Parameters: `PREFIX.weight`, `.bias`, `.running_mean`, `.running_var`, each [channels]. */
  readonly epsilon: number;
}

export interface ReluStep extends StepBase {
  readonly op: 'relu';
  /** Upper bound: 6 for ReLU6. */
  readonly max?: number;
}

export interface MaxPoolStep extends StepBase {
  readonly op: 'max-pool';
  readonly kernel: number;
  readonly stride: number;
  readonly padding: number;
}

export interface AddStep extends StepBase {
  readonly op: 'add';
  readonly other: string;
}

export interface GlobalAveragePoolStep extends StepBase {
  readonly op: 'global-average-pool';
}

export interface LinearStep extends StepBase {
  readonly op: 'linear';
  readonly inFeatures: number;
  readonly outFeatures: number;
}

/** Parameters by their checkpoint names. */
export type Parameters = ReadonlyMap<string, Parameter>;

export interface Parameter {
  readonly shape: readonly number[];
  /** Row-major. May be computed anew each time it is read (halves of a checkpoint, folded weights): keep what is read often. */
  readonly data: Float32Array;
}
