import * as tf from '@tensorflow/tfjs-core';
import { withScopedKernels } from '../scoped/with-scoped-kernels.ts';

/**
 * The gradient of a step we have no rule for, by TensorFlow.js's own tape, over that one step only.
 * Returns one gradient per input that is wanted, undefined for the others. Call it inside a tidy.
 *
 * @throws whatever TensorFlow.js throws (missing gradient, missing kernel); the tape is left clean
 */
export function tapeGradient(
  run: (inputs: readonly tf.Tensor[]) => tf.Tensor[],
  inputs: readonly tf.Tensor[],
  outputGradients: readonly (tf.Tensor | undefined)[],
  wanted: readonly boolean[],
): (tf.Tensor | undefined)[] {
  const variables = inputs.filter((_, i) => wanted[i]);
  const scalar = (...given: tf.Tensor[]): tf.Scalar => {
    let next = 0;
    const outputs = run(inputs.map((input, i) => (wanted[i] ? given[next++]! : input)));
    const terms = outputs.flatMap((output, i) => {
      const gradient = outputGradients[i];
      if (!gradient) return [];
      if (output.dtype !== 'float32') throw new Error(`it returns ${output.dtype}, which has no gradient`);
      return [tf.sum(tf.mul(output, gradient)) as tf.Scalar];
    });
    return terms.length === 1 ? terms[0]! : tf.addN(terms);
  };
  const gradients = guarded(() => withScopedKernels(() => tf.grads(scalar)(variables)));
  let next = 0;
  return wanted.map((want) => (want ? gradients[next++] : undefined));
}

/**
 * A gradient that throws leaves its tape behind, and with it every tensor the tape saved, even inside a tidy. There is no
 * public way to free them; `engine().state` is public in the typings.
 */
function guarded<T>(work: () => T): T {
  const { state } = tf.engine();
  const depth = state.gradientDepth;
  try {
    return work();
  } catch (error) {
    if (depth === 0) {
      for (const record of (state.activeTape as readonly { saved?: tf.Tensor[] }[] | null) ?? [])
        tf.dispose(record.saved);
      state.activeTape = null as never;
      state.gradientDepth = 0;
    }
    throw error;
  }
}
