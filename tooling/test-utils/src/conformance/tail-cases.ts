import { type Cases, random, STEPS } from './bench.ts';
import { compare, demand, demandCode, dot, refusal } from './demand.ts';

/** Scores from other activations at a layer. */
export const tailCases: Cases = {
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
};
