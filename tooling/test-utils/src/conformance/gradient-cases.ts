import { type Cases, random, rowOf, STEPS } from './bench.ts';
import { compare, demand, demandCode, dot, refusal } from './demand.ts';

/** Gradients at layers, against finite differences and each other, and the linear head. */
export const gradientCases: Cases = {
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
};
