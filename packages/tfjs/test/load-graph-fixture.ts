import { readFileSync } from 'node:fs';
import { type GraphModel, loadGraphModel } from '@tensorflow/tfjs-converter';
import * as tf from '@tensorflow/tfjs-core';
import type { GraphArtifacts } from '../src/index.ts';

/** The graph models of tooling/reference/tfjs/make_graph_models.py. */
export const graphFixtures = ['graph-model-unfused', 'graph-model-fused'] as const;

export function fixturePath(name: string): URL {
  return new URL(`./fixtures/${name}`, import.meta.url);
}

export async function loadGraphFixture(
  name: (typeof graphFixtures)[number] | 'graph-model-odd',
): Promise<{ source: GraphModel; artifacts: GraphArtifacts }> {
  const json = JSON.parse(readFileSync(fixturePath(`${name}/model.json`), 'utf8'));
  const bytes = readFileSync(fixturePath(`${name}/weights.bin`));
  const source = await loadGraphModel(
    tf.io.fromMemory({
      modelTopology: json.modelTopology,
      signature: json.signature,
      weightSpecs: json.weightsManifest[0].weights,
      weightData: new Uint8Array(bytes).buffer,
    }),
  );
  return { source: source as GraphModel, artifacts: { modelTopology: json.modelTopology } };
}
