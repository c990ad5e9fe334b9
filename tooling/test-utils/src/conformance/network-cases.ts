import { type Cases, random, rowOf, type Tensor } from './bench.ts';
import { compare, demand, demandCode, dot, refusal } from './demand.ts';

/** What a pass tells of the whole network. */
export const networkCases: Cases = {
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

  async 'attention: rows of the matrices add up to 1, or are refused'(bench) {
    const { model } = bench;
    if (model.network === undefined || model.network.attention.blockedBy !== undefined) {
      demandCode(
        await refusal(() => model.forward(bench.input(44), { network: ['attention'] })),
        'UNSUPPORTED',
      );
      return;
    }
    const pass = await model.forward(bench.input(44), { network: ['attention'] });
    try {
      const { layers, grid, prefix } = await pass.attention!();
      demand(layers.length > 0, 'no attention matrices');
      const tokens = prefix + grid[0] * grid[1];
      for (const { data, shape } of layers) {
        demand(
          shape[0] === 1 && shape[2] === tokens && shape[3] === tokens,
          `matrices have shape [${shape}], with ${tokens} tokens`,
        );
        for (let row = 0; row < data.length; row += tokens) {
          const sum = data.subarray(row, row + tokens).reduce((total, share) => total + share, 0);
          demand(Math.abs(sum - 1) <= 1e-5, `a row adds up to ${sum}`);
        }
      }
    } finally {
      pass.dispose();
    }
  },

  async 'blocks: the last one’s scores are the network’s own, images apart, or are refused'(bench) {
    const { model, subject } = bench;
    if (model.network === undefined || model.network.blocks.blockedBy !== undefined) {
      demandCode(await refusal(() => model.forward(bench.input(45), { network: ['blocks'] })), 'UNSUPPORTED');
      return;
    }
    const { classCount } = model;
    const images = model.input.batch === undefined || model.input.batch >= 2 ? 2 : 1;
    const input = bench.input(45, images);
    const alone = await model.forward(rowOf(subject, input, 0), { network: ['blocks'] });
    const own = await alone.blocks!();
    const count = own.scores.shape[1]!;
    const last = own.scores.data.subarray((count - 1) * classCount);
    compare('scores of the last block', last, alone.logits.data, 1e-5);
    const slopes = random(46, count * classCount);
    const { layers } = await own.gradients(subject.view(slopes, [1, count, classCount]));
    demand(layers.length === count, `gradients of ${layers.length} blocks, scores of ${count}`);
    const narrow = subject.view(new Float32Array(count), [1, count, 1]);
    demandCode(await refusal(() => own.gradients(narrow)), 'SHAPE');
    alone.dispose();
    await refusal(() => alone.blocks!());
    if (images === 1) return;
    const both = await model.forward(input, { network: ['blocks'] });
    try {
      const { scores, gradients } = await both.blocks!();
      compare('scores of the first image', rowOf(subject, scores, 0).data, own.scores.data, 1e-5);
      const onFirst = new Float32Array(2 * slopes.length);
      onFirst.set(slopes);
      const found = await gradients(subject.view(onFirst, [2, count, classCount]));
      found.layers.forEach((layer, block) => {
        compare(`gradients of block ${block}`, rowOf(subject, layer, 0).data, layers[block]!.data, 1e-5);
        const others = rowOf(subject, layer, 1).data;
        demand(
          others.every((value) => value === 0),
          'one image’s cotangent reaches another',
        );
      });
    } finally {
      both.dispose();
    }
  },
};
