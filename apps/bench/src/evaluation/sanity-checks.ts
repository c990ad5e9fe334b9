import {
  type ExplainRequest,
  type Explanation,
  explainMany,
  type ForwardPass,
  type Model,
  methods,
  type NdArray,
  view,
} from '@hybridcam/core';
import {
  classSensitivity,
  headRandomisation,
  type MapSimilarity,
  type RandomisationStage,
  weightRandomisation,
} from '@hybridcam/metrics';
import { once } from './once.ts';
import type { RandomisedModel } from './randomised-models.ts';

/** The sanity checks of one map. Likeness is of maps at layer size. */
export interface MapSanity {
  /** To the map of the runner-up class; undefined where there is only one. */
  classSensitivity(): Promise<MapSimilarity | undefined>;
  /** To the maps of shuffled head weights; undefined unless the layer feeds a linear head and the method sees only that layer. */
  headRandomisation(): Promise<readonly MapSimilarity[] | undefined>;
  /** To the maps of a model with shuffled weights, from the scores downwards. */
  weightRandomisation(): Promise<readonly RandomisationStage[]>;
}

export interface SanityOptions {
  readonly model: Model;
  readonly randomised: readonly RandomisedModel[];
  /** [1, channels, height, width] */
  readonly input: NdArray<Float32Array>;
  readonly requests: readonly ExplainRequest[];
  /** One for each request. */
  readonly explained: readonly Explanation[];
  readonly classIndex: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** The checks of every map of an image: what several maps need, such as the maps of the second class, is computed once for all. */
export function sanityChecks(options: SanityOptions): MapSanity[] {
  const { model, randomised, input, requests, explained, classIndex, seed, signal } = options;
  const second = runnerUp(explained[0]!.scores.probabilities.data, classIndex);
  const mapsBy = (other: Model, of: number | undefined) =>
    once(() =>
      explainMany(
        other,
        input,
        requests.map((request) => ({ ...request, classIndex: of })),
        { signal },
      ),
    );
  const ofSecond = mapsBy(model, second);
  const stages = randomised.map(({ downTo, model: other }) => ({ downTo, maps: mapsBy(other, classIndex) }));
  const layers = [...new Set(requests.flatMap((request) => pooledLayer(model, request) ?? []))];
  const pass = once(() => model.forward(input, { layers, signal }));
  return requests.map((request, index) => ({
    classSensitivity: async () =>
      second === undefined
        ? undefined
        : classSensitivity(
            async (_, of) => (of === classIndex ? explained[index]! : (await ofSecond())[index]!).cam,
            input,
            classIndex,
            second,
          ),
    async headRandomisation() {
      const layer = pooledLayer(model, request);
      const weights = layer === undefined ? undefined : headWeights(await pass(), layer, classIndex);
      if (layer === undefined || !weights) return undefined;
      const forward = await pass();
      const [, channels, height, width] = forward.activations(layer).shape as [
        number,
        number,
        number,
        number,
      ];
      return headRandomisation(
        async (_, gradients) => {
          const shuffled = withGradients(model, forward, gradients);
          const [found] = await explainMany(shuffled, input, [{ ...request, classIndex }], { signal });
          return found!.cam;
        },
        view(forward.activations(layer).data, [channels, height, width]),
        weights,
        { seed },
      );
    },
    weightRandomisation: () =>
      weightRandomisation(
        async () => explained[index]!.cam,
        stages.map(({ downTo, maps }) => ({ downTo, explain: async () => (await maps())[index]!.cam })),
        input,
        classIndex,
        { signal },
      ),
  }));
}

/** The layer of a method that one pass over it settles, where the gradient is constant there. */
function pooledLayer(model: Model, { method, targetLayer }: ExplainRequest): string | undefined {
  const name = typeof method === 'object' ? method.name : method;
  if (typeof targetLayer !== 'string' || name === undefined) return undefined;
  const { needs, forwards } = methods[name];
  if (forwards === 'many' || (needs !== 'gradients' && needs !== 'activations')) return undefined;
  const layer = model.resolveLayer(targetLayer);
  return layer.gradient === 'constant' ? layer.name : undefined;
}

function headWeights(pass: ForwardPass, layer: string, classIndex: number): Float32Array | undefined {
  const head = pass.linearHead(layer);
  if (!head) return undefined;
  const channels = head.weights.shape[1]!;
  return Float32Array.from({ length: channels }, (_, channel) => head.weights.get(classIndex, channel));
}

/** The model as it would be with another head: the pass that was made, and the gradients [channels] that head gives. */
function withGradients(model: Model, pass: ForwardPass, gradients: NdArray<Float32Array>): Model {
  const channels = gradients.shape[0]!;
  return {
    ...model,
    forward: async () => ({
      ...pass,
      gradients: async (names) => new Map(names.map((name) => [name, view(gradients.data, [1, channels])])),
      dispose: () => {},
    }),
  };
}

function runnerUp(probabilities: ArrayLike<number>, classIndex: number): number | undefined {
  let best: number | undefined;
  for (let i = 0; i < probabilities.length; i++)
    if (i !== classIndex && (best === undefined || probabilities[i]! > probabilities[best]!)) best = i;
  return best;
}
