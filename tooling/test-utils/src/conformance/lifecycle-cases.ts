import type { AbortSignalLike } from '../../../../packages/core/src/errors.ts';
import type { ForwardPass } from '../../../../packages/core/src/model.ts';
import type { Cases } from './bench.ts';
import { type CamErrorLike, compare, demand, demandCode, refusal } from './demand.ts';

/** Abort, concurrency, disposal and memory. */
export const lifecycleCases: Cases = {
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
