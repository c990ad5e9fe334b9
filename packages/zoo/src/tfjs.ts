export { buildTfjs } from './tfjs/build-tfjs.ts';
export { type LayersModelOptions, layersModel } from './tfjs/layers-model.ts';
