export { type AbortOptions, type AbortReport, abortAtEveryAwait } from './abort-at-every-await.ts';
export {
  adapterConformance,
  type ConformanceCase,
  type ConformanceSubject,
} from './adapter-conformance.ts';
export { computedParameter } from './computed-parameter.ts';
export { type Closeness, expectClose, type Numbers } from './expect-close.ts';
export { pytorchGradCamNames } from './pytorch-grad-cam-names.ts';
export { readSafetensors, type StoredTensor } from './read-safetensors.ts';
export { runReadme } from './run-readme.ts';
export { sharedFile, sharedFolder } from './shared-folder.ts';
export { tfjsNodeFolder } from './tfjs-node-folder.ts';
