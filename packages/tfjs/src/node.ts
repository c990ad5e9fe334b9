export { type LoadTfjsModelFileOptions, loadTfjsModelFile } from './node/load-tfjs-model-file.ts';
export { startTfjsNode } from './node/start-tfjs-node.ts';
