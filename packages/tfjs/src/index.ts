export { createTfjsModel, type TfjsModelOptions } from './create-tfjs-model.ts';
export type { GraphArtifacts } from './graph/graph-model-graph.ts';
export type { GraphModelLike } from './graph/graph-model-like.ts';
export { type LoadTfjsModelOptions, loadTfjsModel } from './load/load-tfjs-model.ts';
export { loadTfjsModelParts } from './load/load-tfjs-model-parts.ts';
