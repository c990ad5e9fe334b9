// tfjs-core alone knows kernels but no gradients ("gradient function not found for Sum"); tfjs-layers registers them when
// it is evaluated. A value import would be dropped by a bundler once nothing uses the name, so the bare import lives in this
// file of its own, and package.json's `sideEffects` names it.
import '@tensorflow/tfjs-layers';
