import type { Cases, Tensor } from './bench.ts';
import { type CamErrorLike, compare, demand, demandCode, refusal } from './demand.ts';

/** Layers, scores and activations of a forward pass. */
export const forwardCases: Cases = {
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
};
