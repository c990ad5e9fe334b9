// Types only, and by path: a dependency on core would close a circle, core's own tests use this package.
import type { AbortSignalLike } from '../../../packages/core/src/errors.ts';
import type { ForwardPass, Model, SpatialLayer } from '../../../packages/core/src/model.ts';

type Tensor = Parameters<Model['forward']>[0];

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

export interface ConformanceCase {
  readonly title: string;
  /** Rejects, saying what the adapter did and what the contract asks. */
  run(): Promise<void>;
}

/**
 * What every adapter of the `Model` contract must do, as one list for any test runner and any platform:
 *
 *     for (const { title, run } of adapterConformance(subject)) test(title, run);
 */
export function adapterConformance(subject: ConformanceSubject): ConformanceCase[] {
  return Object.entries(CASES).map(([title, check]) => ({
    title,
    async run() {
      const before = subject.held?.();
      const model = await subject.create();
      try {
        await check(createBench(subject, model));
      } finally {
        await model.dispose();
      }
      const after = subject.held?.();
      demand(before === after, `after dispose the runtime holds ${after}, before creation ${before}`);
    },
  }));
}

interface Bench {
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
const STEPS = [2 ** -8, 2 ** -11, 2 ** -13] as const;

const CASES: Readonly<Record<string, (bench: Bench) => Promise<void>>> = {
  async 'layers: names are unique, aliases resolve, "last" is the default layer'({ model }) {
    const names = model.layers.map(({ name }) => name);
    demand(new Set(names).size === names.length, 'two layers have one name');
    demand(
      names.includes(model.defaultLayer),
      `defaultLayer "${model.defaultLayer}" is not among the layers`,
    );
    for (const layer of model.layers) {
      for (const name of [layer.name, ...layer.aliases]) {
        demand(model.resolveLayer(name).name === layer.name, `"${name}" does not resolve to "${layer.name}"`);
      }
      const blocked = layer.gradient === 'unavailable';
      demand(
        blocked === (layer.blockedBy !== undefined),
        `"${layer.name}": blockedBy must be set only with unavailable`,
      );
    }
    demand(model.resolveLayer('last').name === model.defaultLayer, '"last" is not the default layer');
  },

  async 'forward: activations have the shape the layer announces, gradients the kind'(bench) {
    const { model, layers } = bench;
    const all = model.layers.map(({ name }) => name);
    await bench.withPass(bench.input(1), all, async (pass) => {
      demand(
        pass.logits.shape.join() === `1,${model.classCount}`,
        `logits have shape [${pass.logits.shape}]`,
      );
      const gradients = await pass.gradients(
        layers.map(({ name }) => name),
        bench.cotangent(2),
      );
      for (const { name, shape, gradient } of model.layers) {
        const activations = pass.activations(name);
        demand(
          activations.shape.length === 4,
          `"${name}": activations have rank ${activations.shape.length}`,
        );
        const actual = activations.shape.slice(1);
        demand(
          shape === undefined || shape.join() === actual.join(),
          `"${name}": announced [${shape}], got [${actual}]`,
        );
        if (gradient === 'unavailable') continue;
        const expected = gradient === 'constant' ? activations.shape.slice(0, 2) : activations.shape;
        const received = gradients.get(name)?.shape;
        demand(
          received?.join() === expected.join(),
          `"${name}" (${gradient}): gradients have shape [${received}]`,
        );
      }
    });
  },

  async 'forward: without layers it gives the same scores'(bench) {
    const input = bench.input(1);
    const bare = await bench.withPass(input, [], (pass) => pass.logits.data.slice());
    const full = await bench.withPass(input, [bench.model.defaultLayer], (pass) => pass.logits.data.slice());
    compare('logits', bare, full, bench.subject.batchTolerance ?? 1e-5);
  },

  async 'forward, gradients: repeated calls agree bitwise'(bench) {
    const names = bench.layers.map(({ name }) => name);
    const once = (): Promise<Float32Array[]> =>
      bench.withPass(bench.input(3), names, async (pass) => {
        const gradients = await pass.gradients(names, bench.cotangent(4));
        const again = await pass.gradients(names, bench.cotangent(4));
        for (const name of names)
          compare(`${name} twice in a pass`, again.get(name)!.data, gradients.get(name)!.data, 0);
        return [pass.logits, ...names.flatMap((name) => [pass.activations(name), gradients.get(name)!])].map(
          ({ data }) => data.slice(),
        );
      });
    const [first, second] = [await once(), await once()];
    first.forEach((values, i) => {
      compare(`array ${i}`, second[i]!, values, 0);
    });
  },

  async 'gradients: agree with finite differences through every cut'(bench) {
    const { subject, model } = bench;
    demand(subject.cuts.length > 0, 'the subject names no cut');
    const count = 16;
    const centre = bench.input(5);
    for (const name of subject.cuts) {
      const slopes: { predicted: number; measured: number }[][] = [];
      await bench.withPass(centre, [name], async (pass) => {
        const cells = pass.activations(name).data.length / pass.activations(name).shape[1]!;
        for (let i = 0; i < count; i++) {
          const cotangent = bench.cotangent(100 + i);
          const direction = random(200 + i, centre.data.length);
          const { data, shape } = (await pass.gradients([name], cotangent)).get(name)!;
          const at = async (step: number): Promise<{ score: number; activations: Float32Array }> => {
            const moved = centre.data.map((value, j) => value + step * direction[j]!);
            return bench.withPass(subject.view(moved, centre.shape), [name], (end) => ({
              score: dot(end.logits.data, cotangent.data),
              activations: end.activations(name).data.slice(),
            }));
          };
          const steps = [];
          for (const step of STEPS) {
            const [plus, minus] = [await at(step), await at(-step)];
            // The scores see the input only through this layer: Δscore = ⟨gradient, Δactivations⟩, whatever lies in front.
            let product = 0;
            for (let j = 0; j < plus.activations.length; j++) {
              const gradient = shape.length === 4 ? data[j]! : data[Math.floor(j / cells)]!;
              product += gradient * (plus.activations[j]! - minus.activations[j]!);
            }
            const predicted = product / (2 * step);
            const measured = (plus.score - minus.score) / (2 * step);
            steps.push({ predicted, measured });
            if (Math.abs(predicted - measured) <= 1e-3 * Math.abs(measured)) break;
          }
          slopes.push(steps);
        }
      });
      const first = slopes.map(([step]) => step!.measured);
      const scale = Math.sqrt(dot(first, first) / count);
      demand(scale > 0, `"${name}": the scores do not react to the input`);
      // A large step meets kinks, a small one rounding; a wrong gradient is wrong at every step.
      const errors = slopes
        .map((steps) => Math.min(...steps.map((step) => Math.abs(step.predicted - step.measured) / scale)))
        .sort((x, y) => x - y);
      const median = errors[count >> 1]!;
      const spoilt = errors.filter((error) => error > 0.02).length / count;
      demand(
        median <= 2e-3 && spoilt <= (subject.kinks ?? 0.125),
        `"${name}" (${model.resolveLayer(name).gradient}): median error ${median.toExponential(2)}, ` +
          `${(100 * spoilt).toFixed(0)} % of directions beyond 2 %, worst ${errors.at(-1)!.toExponential(2)}`,
      );
    }
  },

  async 'gradients: are linear in the cotangent'(bench) {
    const names = bench.layers.map(({ name }) => name);
    await bench.withPass(bench.input(6), names, async (pass) => {
      const [a, b] = [bench.cotangent(7), bench.cotangent(8)];
      const mixed = bench.subject.view(
        a.data.map((value, i) => 2 * value - b.data[i]!),
        a.shape,
      );
      const [ga, gb, gm] = [
        await pass.gradients(names, a),
        await pass.gradients(names, b),
        await pass.gradients(names, mixed),
      ];
      for (const name of names) {
        const expected = ga.get(name)!.data.map((value, i) => 2 * value - gb.get(name)!.data[i]!);
        compare(name, gm.get(name)!.data, expected, 1e-5);
      }
    });
  },

  async 'gradients: several layers in one pass are what each gives alone'(bench) {
    const names = bench.layers.map(({ name }) => name);
    const input = bench.input(9);
    const cotangent = bench.cotangent(10);
    const together = await bench.withPass(input, names, (pass) => pass.gradients(names, cotangent));
    for (const name of names) {
      const alone = await bench.withPass(input, [name], (pass) => pass.gradients([name], cotangent));
      compare(name, together.get(name)!.data, alone.get(name)!.data, 1e-6);
    }
  },

  async 'forward, gradients: images of a batch do not see each other'(bench) {
    const { model, subject } = bench;
    if (model.input.batch !== undefined && model.input.batch !== 3) return;
    const names = bench.layers.map(({ name }) => name);
    const [input, cotangent] = [bench.input(11, 3), bench.cotangent(12, 3)];
    await bench.withPass(input, names, async (batch) => {
      const gradients = await batch.gradients(names, cotangent);
      for (let row = 0; row < 3; row++) {
        await bench.withPass(rowOf(subject, input, row), names, async (single) => {
          const alone = await single.gradients(names, rowOf(subject, cotangent, row));
          const tolerance = subject.batchTolerance ?? 1e-5;
          compare(
            `logits of row ${row}`,
            rowOf(subject, batch.logits, row).data,
            single.logits.data,
            tolerance,
          );
          for (const name of names) {
            compare(
              `${name} row ${row}`,
              rowOf(subject, batch.activations(name), row).data,
              single.activations(name).data,
              tolerance,
            );
            compare(
              `∂${name} row ${row}`,
              rowOf(subject, gradients.get(name)!, row).data,
              alone.get(name)!.data,
              tolerance,
            );
          }
        });
      }
    });
  },

  async 'linearHead: adds up to the logits, and its rows are the constant gradients'(bench) {
    const names = bench.layers.map(({ name }) => name);
    await bench.withPass(bench.input(13), names, async (pass) => {
      for (const { name, gradient } of bench.layers) {
        const head = pass.linearHead(name);
        if (!head) continue;
        demand(gradient === 'constant', `"${name}" has a linear head but its gradient is ${gradient}`);
        const { data, shape } = pass.activations(name);
        const [, channels, height, width] = shape as [number, number, number, number];
        const cells = height * width;
        const logits = Array.from({ length: bench.model.classCount }, (_, c) => {
          let sum = head.bias.data[c]!;
          for (let k = 0; k < channels; k++) {
            let mean = 0;
            for (let i = 0; i < cells; i++) mean += data[k * cells + i]! / cells;
            sum += head.weights.data[c * channels + k]! * mean;
          }
          return sum;
        });
        compare(`${name}: logits`, logits, pass.logits.data, 1e-5);
        const row = (await pass.gradients([name], bench.oneHot(0))).get(name)!.data;
        compare(
          `${name}: gradient of class 0`,
          row,
          head.weights.data.slice(0, channels).map((w) => w / cells),
          1e-5,
        );
      }
    });
  },

  async 'scoresFrom: a layer’s own activations give the scores back, images apart'(bench) {
    const { model, subject } = bench;
    const batch = model.input.batch ?? 2;
    for (const { name } of model.layers) {
      const pass = await model.forward(bench.input(24, batch), { tails: [name] });
      try {
        const same = await pass.scoresFrom(name, pass.activations(name));
        demand(same.shape.join() === `${batch},${model.classCount}`, `scores have shape [${same.shape}]`);
        compare(`"${name}"`, same.data, pass.logits.data, subject.batchTolerance ?? 1e-5);
        if (batch < 2) continue;
        const own = pass.activations(name);
        const changed = subject.view(own.data.slice(), own.shape);
        const first = own.data.length / batch;
        for (let i = 0; i < first; i++) changed.data[i] = 0;
        const rest = (await pass.scoresFrom(name, changed)).data.slice(model.classCount);
        const expected = pass.logits.data.slice(model.classCount);
        compare(`"${name}", other images`, rest, expected, subject.batchTolerance ?? 1e-5);
      } finally {
        pass.dispose();
      }
    }
  },

  async 'scoresFrom: another image’s activations at a cut give that image’s scores'(bench) {
    const { model, subject } = bench;
    for (const name of subject.cuts) {
      const { activations, logits } = await bench.withPass(bench.input(28), [name], (other) => ({
        activations: other.activations(name),
        logits: other.logits,
      }));
      const pass = await model.forward(bench.input(27), { tails: [name] });
      try {
        const found = await pass.scoresFrom(name, activations);
        compare(`"${name}"`, found.data, logits.data, subject.batchTolerance ?? 1e-5);
      } finally {
        pass.dispose();
      }
    }
  },

  async 'scoresFrom: changes as the gradients say'(bench) {
    const { subject, layers } = bench;
    for (const { name } of layers) {
      const pass = await bench.model.forward(bench.input(25), { tails: [name] });
      try {
        const own = pass.activations(name);
        const [, channels] = own.shape as [number, number];
        const cells = own.data.length / own.shape[0]! / channels;
        const errors: number[] = [];
        for (let i = 0; i < 4; i++) {
          const cotangent = bench.cotangent(300 + i);
          const { data, shape } = (await pass.gradients([name], cotangent)).get(name)!;
          // Whole channels up or down: what a ReLU put to 0 stays there, and the largest of a window stays the largest.
          const factors = random(400 + i, channels);
          const direction = own.data.map((value, j) => value * factors[Math.floor(j / cells)]!);
          const slope = (j: number): number => (shape.length === 4 ? data[j]! : data[Math.floor(j / cells)]!);
          const predicted = direction.reduce((sum, d, j) => sum + d * slope(j), 0);
          const scale = direction.reduce((sum, d, j) => sum + Math.abs(d * slope(j)), 0);
          const at = async (step: number): Promise<number> => {
            const moved = own.data.map((value, j) => value + step * direction[j]!);
            const scores = await pass.scoresFrom(name, subject.view(moved, own.shape));
            return dot(scores.data, cotangent.data);
          };
          // A large step meets kinks, a small one rounding; a wrong tail is wrong at every step.
          let error = Number.POSITIVE_INFINITY;
          for (const step of STEPS) {
            const measured = ((await at(step)) - (await at(-step))) / (2 * step);
            error = Math.min(error, Math.abs(measured - predicted) / (scale || 1));
            if (error <= 1e-3) break;
          }
          errors.push(error);
        }
        errors.sort((x, y) => x - y);
        demand(
          errors[2]! <= 1e-2,
          `"${name}": median error ${errors[2]!.toExponential(2)} of the sum of its parts`,
        );
      } finally {
        pass.dispose();
      }
    }
  },

  async 'scoresFrom: refuses layers not named in tails, other shapes and unknown tails'(bench) {
    const { model, subject } = bench;
    const [layer] = model.layers;
    await bench.withPass(bench.input(26), [layer!.name], async (pass) => {
      await refusal(() => pass.scoresFrom(layer!.name, pass.activations(layer!.name)));
    });
    const pass = await model.forward(bench.input(26), { tails: [layer!.name] });
    const own = pass.activations(layer!.name);
    const wrong = subject.view(new Float32Array(own.data.length * 2), [2, ...own.shape.slice(1)]);
    demandCode(await refusal(() => pass.scoresFrom(layer!.name, wrong)), 'SHAPE');
    demandCode(
      await refusal(() => pass.scoresFrom(layer!.name, own, { signal: { aborted: true } })),
      'ABORTED',
    );
    pass.dispose();
    await refusal(() => pass.scoresFrom(layer!.name, own));
    demandCode(
      await refusal(() => model.forward(bench.input(26), { tails: ['no such layer'] })),
      'LAYER_NOT_FOUND',
    );
  },

  async 'scoreShares: add up to the scores, images apart, or are refused'(bench) {
    const { model } = bench;
    const blocked = model.network === undefined || model.network.shares.blockedBy !== undefined;
    if (blocked) {
      demandCode(await refusal(() => model.forward(bench.input(41), { network: ['shares'] })), 'UNSUPPORTED');
      return;
    }
    const { partialBy } = model.network.shares;
    const fits = model.input.batch === undefined || model.input.batch >= 2;
    for (const batch of fits ? [1, 2] : [1]) {
      const pass = await model.forward(bench.input(41, batch), { network: ['shares'] });
      try {
        for (const seed of [42, 43]) {
          const cotangent = bench.cotangent(seed, batch);
          const { input, biases } = await pass.scoreShares!(cotangent);
          for (let image = 0; image < batch; image++) {
            const own = ({ data, shape }: Tensor): Float32Array =>
              data.subarray((image * data.length) / shape[0]!, ((image + 1) * data.length) / shape[0]!);
            const shares = [input, ...biases.map(({ values }) => values)].flatMap((part) => [...own(part)]);
            const sum = shares.reduce((total, share) => total + share, 0);
            const size = shares.reduce((total, share) => total + Math.abs(share), 0);
            const score = dot(own(pass.logits), own(cotangent));
            const addsUp = Math.abs(sum - score) <= 1e-6 * size;
            const found = `image ${image} of ${batch}: the shares add up to ${sum}, the score is ${score} (magnitudes ${size})`;
            // A model that says what is missing must miss it.
            demand(
              addsUp === (partialBy === undefined),
              partialBy === undefined ? found : `${found}, although ${partialBy}`,
            );
          }
        }
      } finally {
        pass.dispose();
      }
    }
    await bench.withPass(bench.input(41), [], async (pass) => {
      demandCode(await refusal(() => pass.scoreShares!(bench.cotangent(42))), 'UNSUPPORTED');
    });
  },

  async 'resolveLayer: an unknown name is refused with near ones'({ model }) {
    const wrong = `${model.defaultLayer}x`;
    const error = await refusal(() => model.resolveLayer(wrong));
    demandCode(error, 'LAYER_NOT_FOUND');
    demand(error.message.includes(wrong), `the message does not name "${wrong}": ${error.message}`);
    demand(
      error.message.includes(`"${model.defaultLayer}"`),
      `the message suggests nothing near: ${error.message}`,
    );
    demandCode(await refusal(() => model.resolveLayer('no such layer at all')), 'LAYER_NOT_FOUND');
  },

  async 'forward: refuses unknown layers, wrong shapes and NaN'(bench) {
    const { subject } = bench;
    const good = bench.input(14);
    const [, channels, height, width] = good.shape as [number, number, number, number];
    const attempt = (input: Tensor, layers: string[] = []): Promise<CamErrorLike> =>
      refusal(() => bench.withPass(input, layers, () => undefined));
    demandCode(await attempt(good, ['no such layer']), 'LAYER_NOT_FOUND');
    const wider = new Float32Array((channels + 1) * height * width);
    demandCode(await attempt(subject.view(wider, [1, channels + 1, height, width])), 'SHAPE');
    demandCode(await attempt(subject.view(good.data, good.shape.slice(1))), 'SHAPE');
    for (const bad of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const data = good.data.slice();
      data[data.length - 1] = bad;
      demandCode(await attempt(subject.view(data, good.shape)), 'NON_FINITE');
    }
  },

  async 'forward: an input that is known to be finite gets the same scores, and nobody looks'({
    model,
    input,
    subject,
  }) {
    const good = input(28);
    const scores = async (knownFinite: boolean): Promise<Float32Array> => {
      const pass = await model.forward(good, { knownFinite });
      pass.dispose();
      return pass.logits.data;
    };
    const looked = await scores(false);
    demand(
      (await scores(true)).every((score, i) => score === looked[i]),
      'the scores differ',
    );
    // What the network makes of it is its own affair; the refusal of the input is what must not come.
    const bad = subject.view(good.data.slice().fill(Number.NaN), good.shape);
    const refused = await model.forward(bad, { knownFinite: true }).then(
      (pass) => pass.dispose(),
      (error: CamErrorLike) => error.message,
    );
    demand(!refused?.includes('finite input'), `the input was looked through: ${refused}`);
  },

  async 'gradients: refuses layers the pass does not know and cotangents of another shape'(bench) {
    const [layer] = bench.layers;
    await bench.withPass(bench.input(15), [layer!.name], async (pass) => {
      const other = bench.layers.find(({ name }) => name !== layer!.name);
      if (other) await refusal(() => pass.gradients([other.name], bench.cotangent(1)));
      const wrong = bench.subject.view(new Float32Array(bench.model.classCount + 1), [
        1,
        bench.model.classCount + 1,
      ]);
      demandCode(await refusal(() => pass.gradients([layer!.name], wrong)), 'SHAPE');
      demand(
        (await pass.gradients([layer!.name], bench.cotangent(1))).size === 1,
        'the pass is spoilt by a refusal',
      );
    });
  },

  async 'forward, gradients, scoresFrom: a call aborted anywhere rejects and leaves the model usable'(bench) {
    const { model, layers } = bench;
    const names = [...new Set([layers[0]!.name, layers.at(-1)!.name])];
    const tails = [names[0]!];
    const held = bench.subject.held;
    const forward = (signal?: AbortSignalLike): Promise<ForwardPass> =>
      model.forward(bench.input(16), { layers: names, tails, signal });
    const calls: Record<string, (pass: ForwardPass, signal?: AbortSignalLike) => Promise<unknown>> = {
      forward: async (_, signal) => (await forward(signal)).dispose(),
      gradients: (pass, signal) => pass.gradients(names, bench.cotangent(1), { signal }),
      scoresFrom: (pass, signal) => pass.scoresFrom(tails[0]!, pass.activations(tails[0]!), { signal }),
    };
    const pass = await forward();
    // What later calls reuse is made by the first.
    for (const call of Object.values(calls)) await call(pass);
    const before = held?.();
    for (const [name, call] of Object.entries(calls)) {
      for (let looks = 0; ; looks++) {
        let seen = 0;
        // Fires at that look, wherever it is: before the first step, between two, after the last.
        const signal = {
          get aborted(): boolean {
            return ++seen > looks;
          },
          reason: 'enough',
        };
        const error = await call(pass, signal).then(
          () => undefined,
          (reason: CamErrorLike) => reason,
        );
        demand(
          before === held?.(),
          `${name}: the runtime holds ${held?.()} after look ${looks}, ${before} before`,
        );
        if (error !== undefined) demandCode(error, 'ABORTED');
        else if (looks > 0) break;
        else demand(false, `${name} does not look at its signal`);
      }
      await call(pass);
    }
    pass.dispose();
  },

  async 'forward, gradients: two explanations at once are what each is alone'(bench) {
    const names = bench.layers.map(({ name }) => name);
    const one = (seed: number): Promise<Float32Array[]> =>
      bench.withPass(bench.input(seed), names, async (pass) => {
        const gradients = await pass.gradients(names, bench.cotangent(seed));
        return names.flatMap((name) => [
          pass.activations(name).data.slice(),
          gradients.get(name)!.data.slice(),
        ]);
      });
    const alone = [await one(17), await one(18), await one(19)];
    const together = await Promise.all([one(17), one(18), one(19)]);
    alone.forEach((arrays, i) => {
      arrays.forEach((values, j) => {
        compare(`explanation ${i}, array ${j}`, together[i]![j]!, values, 0);
      });
    });
  },

  async 'dispose: what was handed out stays, what comes after is refused'(bench) {
    const { model } = bench;
    const [layer] = bench.layers;
    const names = [layer!.name];
    const pass = await model.forward(bench.input(20), { layers: names });
    const gradients = (await pass.gradients(names, bench.cotangent(21))).get(layer!.name)!;
    const copies = [pass.logits, pass.activations(layer!.name), gradients].map(
      ({ data }) => [data, data.slice()] as const,
    );
    pass.dispose();
    pass.dispose();
    await refusal(() => pass.gradients(names, bench.cotangent(21)));
    await model.dispose();
    await model.dispose();
    for (const [data, copy] of copies) compare('after dispose', data, copy, 0);
    await refusal(() => model.forward(bench.input(20)));
  },

  async 'memory: back where it was after every explanation'(bench) {
    const names = bench.layers.map(({ name }) => name);
    const held = bench.subject.held;
    const explainOnce = (): Promise<unknown> =>
      bench.withPass(bench.input(22), names, (pass) => pass.gradients(names, bench.cotangent(23)));
    // The first call may keep what later ones reuse (turned filters, sessions); `adapterConformance` checks that dispose frees it.
    await explainOnce();
    const before = held?.();
    for (let i = 0; i < 3; i++) {
      await explainOnce();
      demand(
        before === held?.(),
        `the runtime holds ${held?.()} after explanation ${i + 2}, ${before} after the first`,
      );
    }
  },
};

function createBench(subject: ConformanceSubject, model: Model): Bench {
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
function random(seed: number, length: number): Float32Array {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0;
  return Float32Array.from({ length }, () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let x = Math.imul(state ^ (state >>> 15), state | 1);
    x ^= x + Math.imul(x ^ (x >>> 7), x | 61);
    return ((x ^ (x >>> 14)) >>> 0) / 2 ** 31 - 1;
  });
}

function rowOf(subject: ConformanceSubject, { data, shape }: Tensor, row: number): Tensor {
  const size = data.length / shape[0]!;
  return subject.view(data.slice(row * size, (row + 1) * size), [1, ...shape.slice(1)]);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

/** |actual − expected| ≤ tolerance · max|expected|; 0 asks for the same bits. NaN never passes. */
function compare(
  what: string,
  actual: ArrayLike<number>,
  expected: ArrayLike<number>,
  tolerance: number,
): void {
  demand(actual.length === expected.length, `${what}: ${actual.length} values, expected ${expected.length}`);
  let scale = 0;
  let worst = 0;
  for (let i = 0; i < expected.length; i++) scale = Math.max(scale, Math.abs(expected[i]!));
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(actual[i]! - expected[i]!);
    demand(Number.isFinite(difference), `${what}: ${actual[i]} at ${i}, expected ${expected[i]}`);
    worst = Math.max(worst, difference);
  }
  demand(
    worst <= tolerance * scale,
    `${what}: off by ${worst.toExponential(2)} of ${scale.toExponential(2)}`,
  );
}

interface CamErrorLike {
  readonly code?: string;
  readonly message: string;
}

async function refusal(attempt: () => unknown): Promise<CamErrorLike> {
  try {
    await attempt();
  } catch (error) {
    demand(
      typeof (error as { code?: unknown }).code === 'string',
      `expected a CamError; received ${(error as Error).name}: ${(error as Error).message}`,
    );
    return error as CamErrorLike;
  }
  throw new Error('conformance: expected the call to be refused; it was not.');
}

function demandCode(error: CamErrorLike, code: string): void {
  demand(error.code === code, `expected an error of code ${code}; received ${error.code}: ${error.message}`);
}

function demand(condition: boolean, complaint: string): asserts condition {
  if (!condition) throw new Error(`conformance: ${complaint}.`);
}
