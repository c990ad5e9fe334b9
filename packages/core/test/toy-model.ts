import type { NdArray } from 'ndarray';
import {
  allFinite,
  type ForwardPass,
  LayerNotFoundError,
  type LinearHead,
  type Model,
  NonFiniteError,
  pack,
  type SpatialLayer,
  view,
} from '../src/index.ts';

/**
 * A network small enough to follow by hand. Input [1, 1, 4, 4];
 * `early` [2, 4, 4] = (relu(x), relu(−x)); `last` [2, 2, 2] = 2×2 average of `early`;
 * logits = W · mean(last) + b with W = [[4, 0], [0, 4], [4, −4]], b = [0, 0, 1].
 * Behind `last` the gradient is W_c/4 in every cell; behind `early` it is W_c/16 times 1: constant too, so a test that wants a varying
 * one sets `earlyGain`, which multiplies each cell of `early` before pooling.
 */
export interface ToyModel extends Model {
  readonly calls: {
    forward: number;
    tails: number;
    gradients: number;
    disposed: number;
    gradientLayers: string[][];
  };
}

export interface ToyOptions {
  readonly earlyGain?: readonly number[];
  readonly weights?: readonly (readonly number[])[];
  readonly bias?: readonly number[];
  readonly labels?: readonly string[];
  readonly scoreKind?: ForwardPass['scoreKind'];
  readonly earlyGradient?: SpatialLayer['gradient'];
  readonly linear?: boolean;
}

export function toyModel({
  earlyGain = new Array(16).fill(1),
  weights = [
    [4, 0],
    [0, 4],
    [4, -4],
  ],
  bias = [0, 0, 1],
  labels,
  scoreKind = 'logit',
  earlyGradient = 'varying',
  linear = true,
}: ToyOptions = {}): ToyModel {
  const classes = weights.length;
  const head: LinearHead = {
    weights: view(Float32Array.from(weights.flat()), [classes, 2]),
    bias: view(Float32Array.from(bias), [classes]),
  };
  const layer = (name: string, size: number, gradient: SpatialLayer['gradient']): SpatialLayer => ({
    name,
    aliases: [],
    shape: [2, size, size],
    stride: 4 / size,
    parameterCount: 0,
    gradient,
    blockedBy: gradient === 'unavailable' ? 'op ArgMax' : undefined,
  });
  const layers = [layer('early', 4, earlyGradient), layer('last', 2, 'constant')];
  const calls: ToyModel['calls'] = { forward: 0, tails: 0, gradients: 0, disposed: 0, gradientLayers: [] };
  const pooled = (early: readonly number[]): number[] => {
    const last = new Array<number>(8).fill(0);
    early.forEach((value, j) => {
      const [channel, cell] = [Math.floor(j / 16), j % 16];
      const at = channel * 4 + Math.floor(cell / 8) * 2 + Math.floor((cell % 4) / 2);
      last[at]! += (value * earlyGain[cell]!) / 4;
    });
    return last;
  };
  const scoresOf = (last: readonly number[]): number[] => {
    const means = [0, 1].map((k) => last.slice(k * 4, k * 4 + 4).reduce((a, b) => a + b) / 4);
    return weights.map((row, c) => row[0]! * means[0]! + row[1]! * means[1]! + bias[c]!);
  };
  const resolveLayer = (name: string): SpatialLayer => {
    const found = layers.find((candidate) => candidate.name === name);
    if (!found) throw new LayerNotFoundError(`toyModel: expected early or last; received "${name}".`);
    return found;
  };
  return {
    calls,
    identity: { runtime: 'toy', name: 'toy', sha256: undefined },
    input: { name: 'input', channels: 1, height: 4, width: 4, batch: undefined },
    classCount: classes,
    labels,
    layers,
    defaultLayer: 'last',
    resolveLayer,
    network: {
      shares: { blockedBy: undefined, partialBy: undefined },
      attention: { blockedBy: 'it is no transformer' },
      blocks: { blockedBy: 'it is no transformer' },
    },
    async forward(input: NdArray<Float32Array>): Promise<ForwardPass> {
      if (!allFinite(pack(input))) throw new NonFiniteError('forward: expected a finite input.');
      calls.forward++;
      const images = Array.from({ length: input.shape[0]! }, (_, i) => {
        const x = pack(input).slice(i * 16, (i + 1) * 16);
        const early = [...x.map((v) => Math.max(v, 0)), ...x.map((v) => Math.max(-v, 0))];
        const last = pooled(early);
        return { early, last, logits: scoresOf(last) };
      });
      const batch = images.length;
      const stack = (part: 'early' | 'last' | 'logits') =>
        Float32Array.from(images.flatMap((image) => image[part]));
      return {
        logits: view(stack('logits'), [batch, classes]),
        scoreKind,
        activations: (name) =>
          name === 'early' ? view(stack('early'), [batch, 2, 4, 4]) : view(stack('last'), [batch, 2, 2, 2]),
        async scoresFrom(name, activations) {
          calls.tails++;
          const size = name === 'early' ? 32 : 8;
          const rows = Array.from({ length: batch }, (_, i) => {
            const values = [...pack(activations).slice(i * size, (i + 1) * size)];
            return scoresOf(name === 'early' ? pooled(values) : values);
          });
          return view(Float32Array.from(rows.flat()), [batch, classes]);
        },
        async gradients(names, cotangent) {
          calls.gradients++;
          calls.gradientLayers.push([...names]);
          const perChannel = Array.from({ length: batch }, (_, i) =>
            [0, 1].map((k) => weights.reduce((sum, row, c) => sum + cotangent.get(i, c) * row[k]!, 0)),
          ).flat();
          const cells = perChannel.flatMap((g) => earlyGain.map((gain) => (g * gain) / 16));
          return new Map(
            names.map((name) => [
              name,
              name === 'early'
                ? view(Float32Array.from(cells), [batch, 2, 4, 4])
                : view(
                    Float32Array.from(perChannel, (g) => g / 4),
                    [batch, 2],
                  ),
            ]),
          );
        },
        async scoreShares(cotangent) {
          const ofBias = images.flatMap((_, i) => bias.map((b, c) => b * cotangent.get(i, c)));
          const ofInput = images.flatMap(({ early }, i) => {
            const [positive = 0, negative = 0] = [0, 1].map((k) =>
              weights.reduce((sum, row, c) => sum + cotangent.get(i, c) * row[k]!, 0),
            );
            return earlyGain.map(
              (gain, cell) => ((early[cell]! * positive + early[16 + cell]! * negative) * gain) / 16,
            );
          });
          return {
            input: view(Float32Array.from(ofInput), [batch, 1, 4, 4]),
            biases: [{ of: 'layer', values: view(Float32Array.from(ofBias), [batch, classes]) }],
          };
        },
        linearHead: (name) => (linear && name === 'last' ? head : undefined),
        dispose: () => {
          calls.disposed++;
        },
      };
    },
    async dispose() {},
  };
}

/** Positive in the left half (4, 3, 2, 1 by row), negative in the right half (−1 everywhere). */
export function toyInput(): NdArray<Float32Array> {
  const rows = [4, 3, 2, 1].flatMap((value) => [value, value, -1, -1]);
  return view(Float32Array.from(rows), [1, 1, 4, 4]);
}
