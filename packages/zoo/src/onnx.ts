export { buildOnnx } from './onnx/build-onnx.ts';
export { scenesOnnxModel } from './onnx/scenes-onnx-model.ts';
export { type WriteNetworkOptions, writeNetwork } from './onnx/write-network.ts';
