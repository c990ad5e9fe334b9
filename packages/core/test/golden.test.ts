import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import * as core from '../src/index.ts';
import {
  type AblationCamVariant,
  ablationCamByRuns,
  attentionRollout,
  type BiasLayer,
  binaryScore,
  boxScore,
  centredMap,
  counterfactual,
  crossLayerHybridCam,
  embeddingSimilarity,
  explain,
  type FullGradVariant,
  finer,
  fullGrad,
  fuseLayers,
  hybridCam,
  leGrad,
  logit,
  type MethodCall,
  type MethodName,
  margin,
  methods,
  multiLabel,
  type NdArray,
  normalize,
  pack,
  presets,
  probability,
  randomMap,
  regionMean,
  rest,
  type SmoothGradCamPlusPlusVariant,
  smoothGradCamPlusPlus,
  type Target,
  tanhScaled,
  upsample,
  view,
} from '../src/index.ts';
import { layerFormulas } from '../src/methods/layer-formulas.ts';
import { methodTable } from '../src/methods/method-table.ts';
import { smoothedFormulas } from '../src/methods/smoothed-formulas.ts';
import { goldenNetwork } from './golden-network.ts';
import { type GoldenCase, type GoldenTarget, goldenVectors } from './golden-vectors.ts';

type Map2d = NdArray<Float32Array>;

const { cases, targets, tensor } = goldenVectors();
const networks = {
  network: goldenNetwork(tensor),
  'network-signed': goldenNetwork(tensor, { signed: true }),
};

describe('golden vectors', () => {
  for (const golden of cases) {
    it(`${golden.name} is what PyTorch computes`, async () => {
      expectClose(await mapOf(golden), tensor(golden.expected), { relativeToMax: 1e-5 });
    });
  }

  for (const golden of targets) {
    it(`the target ${golden.name} has PyTorch’s value and gradient`, () => {
      const target = targetOf(golden);
      const expected = tensor(golden.gradient);
      const scores = pack(tensor(golden.scores ?? 'targets/scores')).slice(0, expected.shape[0]);
      expectClose(target.value(scores, 'logit'), golden.value, { relative: 1e-6 });
      expectClose(target.gradient(scores, 'logit'), expected.data, { relativeToMax: 1e-6 });
    });
  }

  it('the network of the suite, rebuilt from its weights, is PyTorch’s', async () => {
    const input = tensor('network/input');
    for (const [name, network] of Object.entries(networks)) {
      const pass = await network.forward(view(pack(input), [1, ...input.shape]));
      expectClose(pass.logits.data, tensor(`${name}/logits`).data, { relativeToMax: 1e-6 });
      expectClose(pass.activations('features').data, tensor(`${name}/activations`).data, {
        relativeToMax: 1e-6,
      });
    }
  });

  it('the network without the ReLU has what the variants of Ablation-CAM differ by', () => {
    expect(Math.min(...pack(tensor('network-signed/activations')))).toBeLessThan(0);
  });

  it('every method of explain is there, with every variant', () => {
    for (const [name, { variants }] of Object.entries(methods)) {
      for (const variant of variants) {
        const found = cases.some((golden) => golden.method === name && golden.variant === variant);
        expect(found, `${name}, ${variant}`).toBe(true);
      }
    }
  });

  it('every function that makes a map or a target, from the files of both, is there', () => {
    const published = new Set(Object.keys(core));
    for (const file of sourcesOf('methods')) {
      const name = camelCase(file);
      if (!published.has(name) || notFormulas.has(name)) continue;
      const found = cases.some(({ method }) => name === camelCase(method) || name === functionNames[method]);
      expect(found, name).toBe(true);
    }
    for (const file of sourcesOf('target')) {
      const name = camelCase(file);
      if (!published.has(name) || notFormulas.has(name)) continue;
      expect(
        targets.some(({ target }) => target === name),
        name,
      ).toBe(true);
    }
    for (const name of ['random-map', 'centred-map']) {
      expect(cases.some(({ method }) => method === name)).toBe(true);
    }
  });
});

/** What else lies in those folders: a function given by its caller, tables, what reads or ranks classes, and maps of all classes that are other cases'. */
const notFormulas = new Set([
  'customTarget',
  'resolveClass',
  'topClasses',
  'methods',
  'refusedMethods',
  'allClassMaps',
]);

/** Where a method's name is not its function's. */
const functionNames: Readonly<Record<string, string>> = {
  hybrid: 'hybridCam',
  'cross-layer-hybrid': 'crossLayerHybridCam',
  'hires-cam': 'hiResCam',
  'xgrad-cam': 'xGradCam',
};

function sourcesOf(folder: string): string[] {
  const path = fileURLToPath(new URL(`../src/${folder}`, import.meta.url));
  return readdirSync(path).map((file) => file.replace(/\.ts$/, ''));
}

function camelCase(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

async function mapOf(golden: GoldenCase): Promise<Map2d> {
  const { method, options = {}, inputs } = golden;
  if (method === 'random-map') return randomMap(...golden.size!, options['seed']!);
  if (method === 'centred-map') return centredMap(...golden.size!);
  if (method === 'full-grad') return fullGradMap(golden);
  if (inputs.attention !== undefined) return attentionMap(golden);
  if (inputs.network !== undefined) return networkMap(golden);
  if (inputs.samples !== undefined) {
    const samples = inputs.samples.map((name) => ({
      activations: tensor(`${name}/activations`),
      gradients: tensor(`${name}/gradients`),
    }));
    const variant = golden.variant as SmoothGradCamPlusPlusVariant;
    return smoothGradCamPlusPlus(tensor(inputs.activations!), samples, { variant });
  }
  if (method === 'cross-layer-hybrid') {
    const [coarse, fine] = inputs.layers!.map((name) => ({
      activations: tensor(`${name}/activations`),
      gradients: tensor(`${name}/gradients`),
    }));
    const [height, width] = golden.size!;
    return crossLayerHybridCam(coarse!, fine!, { ...options, height, width });
  }
  if (method === 'hybrid') {
    const preset = golden.variant === 'notebook' ? 'notebook' : undefined;
    const alpha = options['alpha']!;
    return hybridCam(tensor(inputs.activations!), tensor(inputs.gradients!), {
      alpha,
      ...(preset && { preset }),
    });
  }
  if (inputs.layers !== undefined) {
    return fused(
      golden,
      inputs.layers.map((name) => rawMap(golden, `${name}/activations`, `${name}/gradients`)),
    );
  }
  const raw = rawMap(golden, inputs.activations!, inputs.gradients);
  return golden.size || golden.normalized ? fused(golden, [raw]) : raw;
}

function rawMap(
  { method, variant, eigenSmoothing }: GoldenCase,
  activations: string,
  gradients?: string,
): Map2d {
  const { variants } = methodTable[method as MethodName];
  const own = variants.includes(variant) ? variant : 'paper';
  const given = [
    tensor(activations),
    gradients === undefined ? view(new Float32Array(1), [1]) : tensor(gradients),
    own,
    0,
  ] as const;
  return (eigenSmoothing ? smoothedFormulas : layerFormulas)[method as MethodName]!(...given);
}

function fullGradMap({ inputs, variant }: GoldenCase): Map2d {
  const layers: BiasLayer[] = inputs.biases!.map(([bias, gradients]) => ({
    bias: tensor(bias),
    gradients: tensor(gradients),
  }));
  return fullGrad(tensor(inputs.input!), tensor(inputs.inputGradients!), layers, {
    variant: variant as FullGradVariant,
  });
}

function attentionMap({ method, inputs, options = {}, size }: GoldenCase): Map2d {
  const tensors = inputs.attention!.map(tensor);
  const places = { grid: size!, prefix: options['prefix']! };
  if (method === 'le-grad') return leGrad(tensors, places);
  return attentionRollout(tensors, { ...places, query: options['query'] as number | 'mean' });
}

/** A library's way from raw maps to its result, as `explain` goes it with that library's preset. */
function fused({ variant, fusion, size }: GoldenCase, raws: readonly Map2d[]): Map2d {
  const preset = presets[variant as keyof typeof presets];
  const kind = fusion === 'product' ? 'minmax' : preset.normalize;
  const finish = (map: Map2d) => normalize(map, kind, { epsilon: preset.epsilon });
  const scaled = raws.map((raw) => (fusion === 'tanh-max' ? tanhScaled(finish(raw)) : finish(raw)));
  const extent = (axis: number) => size?.[axis] ?? Math.max(...raws.map((raw) => raw.shape[axis]!));
  const enlarged = scaled.map((map) => upsample(map, extent(0), extent(1)));
  const one = fuseLayers(enlarged, fusion === 'tanh-max' ? 'max' : (fusion ?? 'mean'));
  return preset.renormalizeAfterUpsample || fusion === 'product' ? finish(one) : one;
}

async function networkMap({ method, variant, inputs, options = {} }: GoldenCase): Promise<Map2d> {
  const network = networks[inputs.network as keyof typeof networks];
  const { classIndex = 0, target, ...settings } = options;
  const input = tensor('network/input');
  const call: MethodCall = { name: method as MethodName, variant, settings };
  const { cam } = await explain(network, view(pack(input), [1, ...input.shape]), {
    method: call,
    classIndex,
    normalize: 'none',
    ...(target && { target: target === 'logit' ? logit : probability }),
  });
  if (method !== 'ablation-cam') return cam;
  const pass = await network.forward(view(pack(input), [1, ...input.shape]));
  const activations = pass.activations('features').pick(0, null, null, null);
  const byRuns = await ablationCamByRuns(
    activations,
    async (replaced) => {
      const scores = await pass.scoresFrom('features', replaced);
      return Array.from({ length: replaced.shape[0]! }, (_, i) => scores.get(i, classIndex));
    },
    pass.logits.get(0, classIndex),
    { batchSize: 1, variant: variant as AblationCamVariant },
  );
  expectClose(byRuns, cam, { relativeToMax: 1e-5 });
  return cam;
}

function targetOf(golden: GoldenTarget): Target {
  const { classIndex = 0 } = golden;
  switch (golden.target) {
    case 'logit':
      return logit(classIndex);
    case 'probability':
      return probability(classIndex);
    case 'margin':
      return margin(classIndex, golden.otherClassIndex!);
    case 'multiLabel':
      return multiLabel(new Map(golden.weights));
    case 'embeddingSimilarity':
      return embeddingSimilarity(pack(tensor(golden.reference!)));
    case 'finer':
      return finer(classIndex, { variant: golden.variant! });
    case 'regionMean':
      return regionMean(classIndex, golden.region!);
    case 'rest':
      return rest(classIndex);
    case 'counterfactual':
      return counterfactual(probability(classIndex));
    case 'binaryScore':
      return binaryScore(golden.sign!);
    case 'boxScore':
      return boxScore(classIndex, golden.box!, { candidates: tensor(golden.scores!).shape[0]! });
    default:
      throw new Error(`golden vectors: no target "${golden.target}" here.`);
  }
}
