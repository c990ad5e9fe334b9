export { type LoadTfjsModelFileOptions, loadTfjsModelFile } from './node/load-tfjs-model-file.ts';
