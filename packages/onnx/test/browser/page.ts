import { view } from '@hybridcam/core';
import { adapterConformance } from '@hybridcam/test-utils/adapter-conformance';
import * as ort from 'onnxruntime-web/webgpu';
import {
  createOnnxModel,
  type OrtRuntime,
  type OrtSession,
  type OrtSessionOptions,
} from '../../src/index.ts';
import { randomFloats, toyModel } from '../toy-model.ts';

ort.env.wasm.numThreads = 1;
ort.env.wasm.wasmPaths = '/ort/';

/** Where sessions run, and where they leave their outputs: the taps of a backward pass need not leave the graphics card. */
export type Place = 'wasm' | 'webgpu' | 'webgpu, outputs on the GPU';

/** What the browser test calls: each function runs in the page. */
export interface TestPage {
  /** Whether the browser has a WebGPU adapter. */
  hasWebGpu(): Promise<boolean>;
  /** Titles of the cases with what went wrong; empty texts are successes. `network`: a fixture, or `toy`. */
  conformance(place: Place, network: string, cuts: string[]): Promise<[title: string, complaint: string][]>;
  /** Logits, and by layer the gradient, for the picture and the cotangent of these seeds. */
  gradients(place: Place, network: string, layers: string[]): Promise<Gradients>;
}

export interface Gradients {
  readonly logits: number[];
  readonly gradients: number[][];
  /** Where the tensors lay that sessions were fed: the image and the cotangent on the processor, taps where the forward run left them. */
  readonly fedFrom: string[];
}

const SESSION_OPTIONS: Readonly<Record<Place, OrtSessionOptions>> = {
  wasm: { executionProviders: ['wasm'] },
  webgpu: { executionProviders: ['webgpu'] },
  'webgpu, outputs on the GPU': { executionProviders: ['webgpu'], preferredOutputLocation: 'gpu-buffer' },
};

/** ONNX Runtime that notes where the tensors lie that its sessions are fed. */
function noting(locations: Set<string>): OrtRuntime {
  const create = async (bytes: Uint8Array, options: OrtSessionOptions): Promise<OrtSession> => {
    const session = await ort.InferenceSession.create(bytes, options);
    const run = session.run.bind(session) as OrtSession['run'];
    session.run = ((feeds: Record<string, ort.Tensor>, fetches: string[]) => {
      for (const tensor of Object.values(feeds)) locations.add(tensor.location);
      return run(feeds, fetches);
    }) as OrtSession['run'];
    return session;
  };
  return { ...ort, InferenceSession: { create } as unknown as OrtRuntime['InferenceSession'] };
}

async function bytesOf(network: string): Promise<Uint8Array> {
  if (network === 'toy') return toyModel();
  const response = await fetch(`/fixtures/${network}.onnx`);
  if (!response.ok) throw new Error(`page: no network ${network}.`);
  return new Uint8Array(await response.arrayBuffer());
}

const page: TestPage = {
  hasWebGpu: async () => {
    const { gpu } = navigator as { gpu?: { requestAdapter(): Promise<object | null> } };
    return ((await gpu?.requestAdapter()) ?? null) !== null;
  },

  async conformance(place, network, cuts) {
    const bytes = await bytesOf(network);
    const subject = {
      create: () => createOnnxModel(bytes, { ort, name: network, sessionOptions: SESSION_OPTIONS[place] }),
      view,
      size: [24, 24] as const,
      cuts,
    };
    const results: [string, string][] = [];
    for (const { title, run } of adapterConformance(subject)) {
      const complaint = await run().then(
        () => '',
        (error: Error) => error.message,
      );
      results.push([title, complaint]);
    }
    return results;
  },

  async gradients(place, network, layers) {
    const locations = new Set<string>();
    const model = await createOnnxModel(await bytesOf(network), {
      ort: noting(locations),
      name: network,
      sessionOptions: SESSION_OPTIONS[place],
    });
    const { channels, height = 24, width = 24 } = model.input;
    const input = view(randomFloats(1, channels * height * width), [1, channels, height, width]);
    const cotangent = view(randomFloats(2, model.classCount), [1, model.classCount]);
    const pass = await model.forward(input, { layers });
    const found = await pass.gradients(layers, cotangent);
    const result = {
      logits: Array.from(pass.logits.data),
      gradients: layers.map((layer) => Array.from(found.get(layer)!.data)),
      fedFrom: [...locations].sort(),
    };
    pass.dispose();
    await model.dispose();
    return result;
  },
};

Object.assign(globalThis, { hybridcamTestPage: page });
