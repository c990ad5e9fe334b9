import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  ablationCamByRuns,
  type EvaluateTarget,
  isCam,
  type MethodName,
  type NdArray,
  normalize,
  occlusion,
  pack,
  rise,
  scoreCam,
  smoothGradCamPlusPlus,
  ssCam,
  view,
} from '../src/index.ts';
import { uniform } from '../src/kernels/random.ts';
import { layerFormulas } from '../src/methods/layer-formulas.ts';
import { methodNames, methodTable } from '../src/methods/method-table.ts';

const [channels, height, width] = [5, 3, 4];
const cells = height * width;
const inputShape = [1, 2, 6, 8];
const tolerance = { absolute: 1e-7, relativeToMax: 1e-5 };

/** By channel, so that an order of channels is an order of rows. */
const rows = (seed: number, offset: number) =>
  Array.from({ length: channels }, (_, k) =>
    Array.from({ length: cells }, (_, i) => uniform(seed, 100 * (offset + k) + i) + offset),
  );
const tensor = (values: readonly (readonly number[])[], order: readonly number[], factor = 1) =>
  view(Float32Array.from(order.flatMap((k) => values[k]!.map((value) => factor * value))), [
    channels,
    height,
    width,
  ]);
const vector = (values: readonly number[], order: readonly number[], factor = 1) =>
  view(
    Float32Array.from(order, (k) => factor * values[k]!),
    [channels],
  );

const asTheyAre = [0, 1, 2, 3, 4];
const mixed = [3, 0, 4, 1, 2];

/** Every map of a layer that the methods and variants compute in one go, by name. */
function maps(seed: number, order: readonly number[], factor: number) {
  const found = new Map<string, NdArray<Float32Array>>();
  // Behind a ReLU: the smallest is 0, where no library’s Ablation-CAM looks at the place of a channel in its batch.
  const activations = tensor(
    rows(seed, 0).map((row) => row.map((value) => Math.max(value - 0.3, 0))),
    order,
  );
  const gradients = tensor(
    rows(seed, 7).map((row) => row.map((value) => value - 7.4)),
    order,
    factor,
  );
  const weights = vector(
    Array.from({ length: channels }, (_, k) => uniform(seed, 5000 + k) - 0.3),
    order,
    factor,
  );
  for (const name of methodNames) {
    const { needs, variants } = methodTable[name];
    const compute = layerFormulas[name];
    if (compute === undefined) continue;
    for (const variant of variants) {
      found.set(
        `${name}, ${variant}`,
        compute(activations, needs === 'head' ? weights : gradients, variant, 1.5 * factor),
      );
    }
  }
  return found;
}

/** Its scale is the target’s: the second derivative is weighed against the sum of activations, or an absolute epsilon stands there. */
const changesWithScale = (name: string) =>
  name.startsWith('grad-cam-plus-plus') && name !== 'grad-cam-plus-plus, torchcam';

describe('methods of one layer', () => {
  const names = [...maps(1, asTheyAre, 1).keys()];

  it('are all methods that compute a map from a layer', () => {
    const missing = methodNames.filter((name) => !names.some((found) => found.startsWith(`${name},`)));
    expect(missing.sort()).toEqual(
      [
        // Mixes of two maps that are here, tested by properties.test.ts.
        'hybrid',
        'cross-layer-hybrid',
        // Below.
        'smooth-grad-cam-plus-plus',
        'score-cam',
        'ss-cam',
        'is-cam',
        'rise',
        'occlusion',
        // Grad-CAM of other gradients.
        'shapley-cam',
        // Of the whole network.
        'full-grad',
        'attention-rollout',
        'le-grad',
      ].sort(),
    );
  });

  for (const name of names) {
    it(`${name} does not depend on the order of channels`, () => {
      for (let seed = 1; seed <= 20; seed++) {
        const expected = maps(seed, asTheyAre, 1).get(name)!;
        expectClose(maps(seed, mixed, 1).get(name)!, expected, tolerance);
      }
    });

    it(`${name} ${changesWithScale(name) ? 'changes' : 'keeps its normalised map'} when the target is scaled`, () => {
      let changed = 0;
      for (let seed = 1; seed <= 20; seed++) {
        const expected = normalize(maps(seed, asTheyAre, 1).get(name)!);
        for (const factor of [2, 2 ** -12, 2 ** 20]) {
          const scaled = normalize(maps(seed, asTheyAre, factor).get(name)!);
          if (changesWithScale(name)) {
            changed = Math.max(
              changed,
              ...pack(scaled).map((value, i) => Math.abs(value - pack(expected)[i]!)),
            );
          } else expectClose(scaled, expected, { absolute: 1e-5 });
        }
      }
      expect(changed > 1e-3).toBe(changesWithScale(name));
    });
  }
});

type Probed = (
  seed: number,
  order: readonly number[],
  evaluate: EvaluateTarget,
) => Promise<NdArray<Float32Array>>;

/** A score of the input that depends on its places; channels of the layer have nothing to do with it. */
const score =
  (factor: number): EvaluateTarget =>
  async ({ data, shape }) => {
    const size = data.length / shape[0]!;
    return Array.from({ length: shape[0]! }, (_, n) => {
      let sum = 0;
      for (let i = 0; i < size; i++) sum += data[n * size + i]! * uniform(9, i);
      return (factor * sum) / size;
    });
  };

const layerOf = (seed: number, order: readonly number[]) => tensor(rows(seed, 0), order);
const inputOf = (seed: number) =>
  view(
    Float32Array.from({ length: 96 }, (_, i) => uniform(seed, 9000 + i)),
    inputShape,
  );

describe('methods that run the model', () => {
  const noise = { draws: 2, noise: 0 };
  const ofChannels: Partial<Record<`${MethodName}${string}`, Probed>> = {
    'score-cam, paper': (seed, order, evaluate) => scoreCam(layerOf(seed, order), inputOf(seed), evaluate),
    'score-cam, pytorch-grad-cam': (seed, order, evaluate) =>
      scoreCam(layerOf(seed, order), inputOf(seed), evaluate, { variant: 'pytorch-grad-cam' }),
    'score-cam, torchcam': (seed, order, evaluate) =>
      scoreCam(layerOf(seed, order), inputOf(seed), evaluate, { variant: 'torchcam' }),
    // Noise is drawn in the order of channels.
    'ss-cam without noise': (seed, order, evaluate) =>
      ssCam(layerOf(seed, order), inputOf(seed), evaluate, noise),
    'is-cam': (seed, order, evaluate) => isCam(layerOf(seed, order), inputOf(seed), evaluate),
    'ablation-cam by runs': (seed, order, evaluate) =>
      ablationCamByRuns(
        layerOf(seed, order),
        // The rest of a network knows its channels by their order.
        async (replaced) => {
          const back = new Float32Array(replaced.size);
          const count = replaced.shape[0]!;
          for (let n = 0; n < count; n++) {
            order.forEach((k, place) => {
              const from = (n * channels + place) * cells;
              back.set(replaced.data.subarray(from, from + cells), (n * channels + k) * cells);
            });
          }
          return evaluate(view(back, replaced.shape));
        },
        2,
      ),
  };

  for (const [name, method] of Object.entries(ofChannels) as [string, Probed][]) {
    it(`${name} does not depend on the order of channels`, async () => {
      for (let seed = 1; seed <= 5; seed++) {
        const expected = await method(seed, asTheyAre, score(1));
        expectClose(await method(seed, mixed, score(1)), expected, tolerance);
      }
    });
  }

  // The others pass scores through a softmax over channels, or divide by a score that is given here.
  const scaled: Record<string, Probed> = {
    'score-cam, paper': ofChannels['score-cam, paper']!,
    rise: (seed, _, evaluate) => rise(inputOf(seed), evaluate, { masks: 12, cells: 3 }),
    occlusion: (seed, _, evaluate) => occlusion(inputOf(seed), evaluate),
  };
  for (const [name, method] of Object.entries(scaled)) {
    it(`${name} keeps its normalised map when the target is scaled`, async () => {
      for (const factor of [2, 2 ** -12, 2 ** 20]) {
        const expected = normalize(await method(3, asTheyAre, score(1)));
        expectClose(normalize(await method(3, asTheyAre, score(factor))), expected, { absolute: 1e-5 });
      }
    });
  }

  it('smooth-grad-cam-plus-plus does not depend on the order of channels', () => {
    for (const variant of ['paper', 'torchcam'] as const) {
      for (let seed = 1; seed <= 10; seed++) {
        const map = (order: readonly number[]) =>
          smoothGradCamPlusPlus(
            layerOf(seed, order),
            [1, 2, 3].map((n) => ({
              activations: layerOf(seed + 100 * n, order),
              gradients: tensor(
                rows(seed + 100 * n, 7).map((row) => row.map((value) => value - 7.4)),
                order,
              ),
            })),
            { variant },
          );
        expectClose(map(mixed), map(asTheyAre), tolerance);
      }
    }
  });
});
