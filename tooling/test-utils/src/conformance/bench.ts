// Types only, and by path: a dependency on core would close a circle, core's own tests use this package.
import type { ForwardPass, Model, SpatialLayer } from '../../../../packages/core/src/model.ts';

export type Tensor = Parameters<Model['forward']>[0];

/** One small classifier behind the adapter under test. */
export interface ConformanceSubject {
  /** A fresh `Model` over the same weights at each call. */
  create(): Promise<Model>;
  /** `view` of @hybridcam/core. */
  view(data: Float32Array, shape: readonly number[]): Tensor;
  /** Height and width to run at, where the model takes any. Default 16×16. */
  readonly size?: readonly [height: number, width: number];
  /**
   * Layers that everything behind them sees the input through (no branch goes around). There gradients are held against finite
   * differences; at least one.
   */
  readonly cuts: readonly string[];
  /** Share of finite differences that may be spoilt by a ReLU or max that switches within the step. Default 0.125. */
  readonly kinks?: number;
  /** Largest difference between equal computations in another batch, relative to the largest value. Default 1e-5. */
  readonly batchTolerance?: number;
  /** What the runtime holds at the moment (tensors, bytes), as one value; must be the same before and after. Default: not checked. */
  held?(): number | string;
}

/** What a case works on. */
export interface Bench {
  readonly subject: ConformanceSubject;
  readonly model: Model;
  /** Layers with gradients. */
  readonly layers: readonly SpatialLayer[];
  input(seed: number, batch?: number): Tensor;
  cotangent(seed: number, batch?: number): Tensor;
  oneHot(classIndex: number): Tensor;
  /** One forward pass, whatever is done with it, and dispose. */
  withPass<T>(
    input: Tensor,
    layers: readonly string[],
    use: (pass: ForwardPass) => Promise<T> | T,
  ): Promise<T>;
}

/** Finite differences: steps of the input. */
export const STEPS = [2 ** -8, 2 ** -11, 2 ** -13] as const;

export type Cases = Readonly<Record<string, (bench: Bench) => Promise<void>>>;

export function createBench(subject: ConformanceSubject, model: Model): Bench {
  const { channels, height = subject.size?.[0] ?? 16, width = subject.size?.[1] ?? 16 } = model.input;
  return {
    subject,
    model,
    layers: model.layers.filter(({ gradient }) => gradient !== 'unavailable'),
    input: (seed, batch = 1) =>
      subject.view(random(seed, batch * channels * height * width), [batch, channels, height, width]),
    cotangent: (seed, batch = 1) =>
      subject.view(random(seed + 1000, batch * model.classCount), [batch, model.classCount]),
    oneHot(classIndex) {
      const data = new Float32Array(model.classCount);
      data[classIndex] = 1;
      return subject.view(data, [1, model.classCount]);
    },
    async withPass(input, layers, use) {
      const pass = await model.forward(input, { layers });
      try {
        return await use(pass);
      } finally {
        pass.dispose();
      }
    },
  };
}

/** Uniform in [-1, 1), the same on every platform. */
export function random(seed: number, length: number): Float32Array {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

export function rowOf(subject: ConformanceSubject, { data, shape }: Tensor, row: number): Tensor {
  const size = data.length / shape[0]!;
  return subject.view(data.slice(row * size, (row + 1) * size), [1, ...shape.slice(1)]);
}
