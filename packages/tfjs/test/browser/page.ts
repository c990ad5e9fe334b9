import { view } from '@hybridcam/core';
import { adapterConformance } from '@hybridcam/test-utils/adapter-conformance';
import '@tensorflow/tfjs-backend-cpu';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import '@tensorflow/tfjs-backend-webgl';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import { type LayersModel, loadLayersModel } from '@tensorflow/tfjs-layers';
import { createTfjsModel, loadTfjsModel } from '../../src/index.ts';
import { checkGradient } from '../check-gradient.ts';
import { type CostNetwork, costLayers } from '../cost-layers.ts';
import { failingReads } from '../failing-reads.ts';
import { layerCases, windowCases } from '../gradient-cases.ts';
import { type GraphFixture, graphCuts, graphFixture, type LoadedGraph } from '../graph-fixture.ts';
import { explainGraph, type GraphExplained, type GraphTruth } from '../graph-truth.ts';
import { held } from '../held.ts';
import { type Cost, measureCost } from '../measure-cost.ts';
import type { ExplainMaps } from '../parity/create-parity.ts';
import { explainMaps, type Maps } from '../parity/explain-maps.ts';
import { resnet50 } from '../resnet50.ts';
import { smallLayersModel } from '../small-layers-model.ts';

/** What the browser test calls: each function runs in the page, on the backend chosen first. */
export interface TestPage {
  /** Whether the backend started. */
  choose(backend: string): Promise<boolean>;
  /** Whether the wasm backend is the one with threads. */
  hasThreads(): Promise<boolean>;
  /** Titles of the cases with what went wrong; empty texts are successes. */
  conformance(subject: 'layers' | GraphFixture): Promise<[title: string, complaint: string][]>;
  /** What we say about a graph model's one image of the truth that TensorFlow made. */
  explainGraph(fixture: GraphFixture, truth: GraphTruth): Promise<GraphExplained>;
  /** One explanation for each read that can fail. */
  failingReads(subject: 'layers' | GraphFixture): Promise<Awaited<ReturnType<typeof failingReads>>>;
  grid(every: number): Promise<string[]>;
  /** Logits, activations and gradients of MobileNetV2 for a preprocessed photograph. */
  explain(input: number[], classIndex: number, layers: string[]): Promise<Explained>;
  /** Maps of the network that is served as /model. */
  maps(...request: Parameters<ExplainMaps>): Promise<Maps>;
  /** MobileNetV2 is what is served as /model. */
  cost(network: CostNetwork, rounds: number): Promise<Cost[]>;
}

export interface Explained {
  readonly logits: number[];
  readonly layers: { readonly activations: number[]; readonly gradients: number[]; readonly rank: number }[];
}

const page: TestPage = {
  async choose(backend) {
    setWasmPaths('/wasm/');
    const started = await tf.setBackend(backend);
    await tf.ready();
    return started && tf.getBackend() === backend;
  },

  hasThreads: () => tf.env().getAsync('WASM_HAS_MULTITHREAD_SUPPORT') as Promise<boolean>,

  async conformance(name) {
    const { source, create, cuts } = await subjectOf(name);
    const results: [string, string][] = [];
    const subject = { create, view, cuts, held };
    for (const { title, run } of adapterConformance(subject)) {
      const complaint = await run().then(
        () => '',
        (error: Error) => error.message,
      );
      results.push([title, complaint]);
    }
    source.dispose();
    return results;
  },

  async explainGraph(fixture, truth) {
    const loaded = await loadGraph(fixture);
    const before = held();
    const explained = await explainGraph(loaded, truth);
    if (held() !== before) throw new Error(`explainGraph: ${before} before, ${held()} after`);
    loaded.source.dispose();
    return explained;
  },

  async failingReads(name) {
    const given = name === 'layers' ? { source: smallLayersModel() } : await loadGraph(name);
    const result = await failingReads(given);
    given.source.dispose();
    return result;
  },

  async grid(every) {
    const complaints: string[] = [];
    for (const one of [...windowCases().filter((_, i) => i % every === 0), ...layerCases()]) {
      const { error, leaked, refused } = await checkGradient(one, 12);
      if (refused !== undefined) complaints.push(`${one.title}: refused: ${refused}`);
      if (!(error <= 4e-3)) complaints.push(`${one.title}: error ${error.toExponential(2)}`);
      if (leaked !== '') complaints.push(`${one.title}: ${leaked}`);
    }
    return complaints;
  },

  async explain(input, classIndex, layers) {
    const model = await loadTfjsModel('/model/model.json');
    const pass = await model.forward(view(Float32Array.from(input), [1, 3, 224, 224]), { layers });
    const cotangent = new Float32Array(model.classCount);
    cotangent[classIndex] = 1;
    const gradients = await pass.gradients(layers, view(cotangent, [1, model.classCount]));
    const result = {
      logits: Array.from(pass.logits.data),
      layers: layers.map((layer) => ({
        activations: Array.from(pass.activations(layer).data),
        gradients: Array.from(gradients.get(layer)!.data),
        rank: gradients.get(layer)!.shape.length,
      })),
    };
    pass.dispose();
    await model.dispose();
    return result;
  },

  async maps(...request) {
    network ??= loadLayersModel('/model/model.json');
    return explainMaps(await network, ...request);
  },

  async cost(name, rounds) {
    const source = name === 'resnet50' ? resnet50() : await loadLayersModel('/model/model.json');
    const costs = await measureCost(source, costLayers[name], rounds);
    source.dispose();
    return costs;
  },
};

let network: Promise<LayersModel> | undefined;

async function subjectOf(name: 'layers' | GraphFixture) {
  if (name === 'layers') {
    const source = smallLayersModel();
    const cuts = ['stem', 'block_add', 'mixed', 'scaled', 'top'];
    return { source, create: () => createTfjsModel(source), cuts };
  }
  const { source, artifacts } = await loadGraph(name);
  return { source, create: () => createTfjsModel(source, { artifacts }), cuts: graphCuts(name) };
}

async function loadGraph(name: GraphFixture): Promise<LoadedGraph> {
  const [json, weights] = await Promise.all(
    ['model.json', 'weights.bin'].map((file) => fetch(`/${name}/${file}`)),
  );
  return graphFixture(await json!.text(), new Uint8Array(await weights!.arrayBuffer()));
}

Object.assign(globalThis, { hybridcamTestPage: page });
