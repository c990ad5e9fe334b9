import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  ablationCamByRuns,
  crossLayerHybridCam,
  embeddingSimilarity,
  explain,
  finer,
  fuseLayers,
  hybridCam,
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
  regionMean,
  type SmoothGradCamPlusPlusVariant,
  smoothGradCamPlusPlus,
  type Target,
  tanhScaled,
  upsample,
  view,
} from '../src/index.ts';
import { eigenSmoothed } from '../src/map/eigen-smooth.ts';
import { methodTable } from '../src/methods/method-table.ts';
import { goldenNetwork } from './golden-network.ts';
import { type GoldenCase, type GoldenTarget, goldenVectors } from './golden-vectors.ts';

type Map2d = NdArray<Float32Array>;

const { cases, targets, tensor } = goldenVectors();
const network = goldenNetwork(tensor);

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
      const scores = pack(tensor('targets/scores')).slice(0, expected.shape[0]);
      expectClose(target.value(scores, 'logit'), golden.value, { relative: 1e-6 });
      expectClose(target.gradient(scores, 'logit'), expected.data, { relativeToMax: 1e-6 });
    });
  }

  it('the network of the suite, rebuilt from its weights, is PyTorch’s', async () => {
    const input = tensor('network/input');
    const pass = await network.forward(view(pack(input), [1, ...input.shape]));
    expectClose(pass.logits.data, tensor('network/logits').data, { relativeToMax: 1e-6 });
    expectClose(pass.activations('features').data, tensor('network/activations').data, {
      relativeToMax: 1e-6,
    });
  });

  it('every method that draws no random numbers is there, with every variant', () => {
    for (const name of Object.keys(methods) as MethodName[]) {
      // Masks and noise come from each program’s own generator.
      if (name === 'rise' || name === 'ss-cam') continue;
      for (const variant of methods[name].variants) {
        const found = cases.some((golden) => golden.method === name && golden.variant === variant);
        expect(found, `${name}, ${variant}`).toBe(true);
      }
    }
  });
});

async function mapOf(golden: GoldenCase): Promise<Map2d> {
  const { method, options, inputs } = golden;
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
    const alpha = options!['alpha']!;
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
  const { compute, terms, variants } = methodTable[method as MethodName];
  const own = variants.includes(variant) ? variant : 'paper';
  const given = [
    tensor(activations),
    gradients === undefined ? view(new Float32Array(1), [1]) : tensor(gradients),
    own,
    0,
  ] as const;
  if (!eigenSmoothing) return compute!(...given);
  const [, height, width] = given[0].shape as [number, number, number];
  return eigenSmoothed(method, terms!(...given), height, width);
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

async function networkMap({ method, variant, options = {} }: GoldenCase): Promise<Map2d> {
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
    { batchSize: 1 },
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
    default:
      throw new Error(`golden vectors: no target "${golden.target}" here.`);
  }
}
