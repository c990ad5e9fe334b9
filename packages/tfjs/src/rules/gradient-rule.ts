import type { Tensor } from '@tensorflow/tfjs-core';

/**
 * The vector-Jacobian product of one step with one output: from ∂s/∂output to ∂s/∂input. Exact, made of forward kernels only,
 * so that it runs on every backend, and never forms a gradient of weights.
 */
export interface GradientRule {
  /** What the forward pass must keep for `vjp`, besides shapes, which are always at hand. */
  readonly needs: 'nothing' | 'output' | 'input-and-output';
  /** One gradient per input, in order. May return `outputGradient` itself. */
  vjp(outputGradient: Tensor, step: StepRecord): readonly Tensor[];
  /** Where the step is a plain product: its matrix [out, in], which saves a product with the identity. */
  matrix?(): Tensor;
}

export interface StepRecord {
  readonly inputShapes: readonly (readonly number[])[];
  readonly outputShape: readonly number[];
  /** The first input; set where the rule `needs` it. */
  readonly input?: Tensor | undefined;
  /** Set where the rule `needs` it. */
  readonly output: Tensor | undefined;
}
