import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphArtifacts } from '../src/index.ts';

/** The graph models of tooling/reference/tfjs/make_graph_models.py that have the same layers and one truth. */
export const graphFixtures = ['graph-model-unfused', 'graph-model-fused'] as const;
export type GraphFixture = (typeof graphFixtures)[number];

export interface LoadedGraph {
  readonly source: GraphModel;
  readonly artifacts: GraphArtifacts;
}

/** From the texts of model.json and the bytes of weights.bin; in Node and in a page. */
export async function graphFixture(json: string, weights: Uint8Array): Promise<LoadedGraph> {
  const { modelTopology, signature, weightsManifest } = JSON.parse(json);
  const source = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology,
      signature,
      weightSpecs: weightsManifest[0].weights,
      weightData: new Uint8Array(weights).buffer,
    }),
  );
  return { source: source as GraphModel, artifacts: { modelTopology } };
}

/** Layers of a fixture that everything behind them sees the input through. */
export function graphCuts(fixture: GraphFixture): string[] {
  const prefix = fixture === 'graph-model-fused' ? 'functional_1_1' : 'functional_1';
  return ['stem_relu_1/Relu6', 'block_add_1/Add', 'mixed_1/concat', 'scaled_1/Mul', 'top_relu_1/Relu'].map(
    (name) => `${prefix}/${name}`,
  );
}
