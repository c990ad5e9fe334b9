import * as tf from '@tensorflow/tfjs-core';
import { scopedGradients } from './scoped-gradients.ts';
import { suppliedKernels } from './supplied-kernels.ts';

/**
 * Runs `work` (synchronous) with TensorFlow.js's registry corrected, and puts the registry back whatever happens:
 * gradients that are silently wrong (AvgPool with padding, MirrorPad, resizing, on wasm MaxPool) or refuse (dilation) are
 * replaced, kernels that the active backend lacks are supplied. Only for steps that have no rule of
 * ours. Nothing stays registered: the user's own training must not meet our kernels.
 */
export function withScopedKernels<T>(work: () => T): T {
  const undo: (() => void)[] = [];
  try {
    for (const [kernelName, gradFunc] of Object.entries(scopedGradients)) {
      const stock = tf.getGradient(kernelName);
      tf.unregisterGradient(kernelName);
      undo.push(() => {
        tf.unregisterGradient(kernelName);
        tf.registerGradient(stock);
      });
      tf.registerGradient({
        ...stock,
        gradFunc: (dy, saved, attrs) => gradFunc(dy as tf.Tensor, saved, attrs, stock),
      });
    }
    const backendName = tf.getBackend();
    for (const [kernelName, kernelFunc] of Object.entries(suppliedKernels)) {
      if (hasKernel(kernelName, backendName)) continue;
      tf.registerKernel({ kernelName, backendName, kernelFunc: kernelFunc as unknown as tf.KernelFunc });
      undo.push(() => tf.unregisterKernel(kernelName, backendName));
    }
    return work();
  } finally {
    for (const restore of undo.reverse()) restore();
  }
}

export function hasKernel(kernelName: string, backendName: string): boolean {
  return (tf.getKernel(kernelName, backendName) as tf.KernelConfig | undefined) !== undefined;
}
