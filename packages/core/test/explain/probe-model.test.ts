import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  explain,
  explainMany,
  forwardCount,
  LayerNotFoundError,
  logit,
  type MethodCall,
  methodNames,
  methods,
  OptionError,
  pack,
  probability,
  refusedMethods,
  UnsupportedError,
} from '../../src/index.ts';
import { toyInput, toyModel } from '../toy-model.ts';

const small: Partial<Record<string, MethodCall['settings']>> = {
  rise: { masks: 8, cells: 2 },
  occlusion: { window: 2, stride: 2 },
  'ss-cam': { draws: 2 },
  'is-cam': { points: 2 },
};

describe('explain with methods that run the model many times', () => {
  it('explain runs every method and variant, evaluates exactly forwardCount inputs, and records all choices', async () => {
    // The toy is no transformer.
    for (const name of methodNames.filter((name) => !['attention', 'blocks'].includes(methods[name].needs))) {
      for (const variant of methods[name].variants) {
        const model = toyModel();
        const settings = small[name];
        const method: MethodCall = { name, variant, ...(settings && { settings }) };
        const evaluated: number[] = [];
        const { forward } = model;
        model.forward = (input, options) => {
          evaluated.push(input.shape[0]!);
          return forward(input, options);
        };
        const found = await explain(model, toyInput(), { method, classIndex: 2 });
        expect(['ok', 'no-positive-evidence'], name).toContain(found.status);
        expect(
          evaluated.reduce((sum, count) => sum + count),
          name,
        ).toBe(name === 'ablation-cam' ? 1 : forwardCount(model, { method }));
        expect(found.saliencyMap.shape).toEqual([4, 4]);
        expect(found.record.method).toMatchObject({ name, variant });
        expect(JSON.parse(JSON.stringify(found.record))).toEqual(found.record);
        if (settings) expect(found.record.method.settings).toMatchObject(settings);
        expect(model.calls.disposed).toBe(model.calls.forward);
      }
    }
  });

  it('explain(…, ablation-cam) runs the rest of the network per channel where the head is not linear', async () => {
    const model = toyModel({ linear: false });
    const progress: string[] = [];
    const found = await explain(model, toyInput(), {
      method: 'ablation-cam',
      targetLayer: 'early',
      classIndex: 2,
      normalize: 'none',
      batchSize: 3,
      onProgress: ({ step, done, total }) => {
        if (step === 'evaluations') progress.push(`${done}/${total}`);
      },
    });
    // y = 4·1.25 − 4·0.5 + 1 = 4; without channel 0 it is −1, without channel 1 it is 6: w = [5/4, −2/4].
    const rows = [4, 3, 2, 1].map((value) => [1.25 * value, 1.25 * value, 0, 0]);
    expectClose(found.cam, rows, { relative: 1e-6 });
    expect(progress).toEqual(['2/2']);
    expect(model.calls).toMatchObject({ forward: 2, tails: 1, disposed: 2 });
    const closed = await explain(toyModel(), toyInput(), { method: 'ablation-cam', classIndex: 2 });
    const byRuns = await explain(model, toyInput(), {
      method: 'ablation-cam',
      targetLayer: 'last',
      classIndex: 2,
      batchSize: 1,
    });
    expectClose(byRuns.cam, closed.cam, { absolute: 1e-6 });
    expect(forwardCount(model, { method: 'ablation-cam', targetLayer: 'early' })).toBe(3);
    expect(forwardCount(model, { method: 'ablation-cam', targetLayer: 'last' })).toBeUndefined();
    await expect(
      explain(model, toyInput(), { method: 'ablation-cam', targetLayer: 'early', eigenSmoothing: true }),
    ).rejects.toThrow(/linear behind "early" for ablation-cam with eigenSmoothing/);
    // Before its cost is said.
    expect(() =>
      forwardCount(model, { method: 'ablation-cam', targetLayer: 'early', eigenSmoothing: true }),
    ).toThrow(/with eigenSmoothing/);
  });

  it('explain(…, occlusion) sees no layer: the map has the input’s size and the record names none', async () => {
    const method: MethodCall = { name: 'occlusion', settings: { window: 2, stride: 2 } };
    const found = await explain(toyModel(), toyInput(), { method, classIndex: 2, normalize: 'none' });
    // Logit 2 is 4·mean(positive) − 4·mean(negative) + 1: each corner’s own share.
    expectClose(found.cam, [
      [3.5, 3.5, -1, -1],
      [3.5, 3.5, -1, -1],
      [1.5, 1.5, -1, -1],
      [1.5, 1.5, -1, -1],
    ]);
    expect(found.record.targetLayers).toEqual([]);
    await expect(found.ledger()).rejects.toThrow(/received none/);
    await expect(explain(toyModel(), toyInput(), { method, targetLayer: 'last' })).rejects.toThrow(
      /no target layer for occlusion/,
    );
  });

  it('explain explains the probability with Score-CAM and RISE unless told otherwise, and the logit with the libraries’ variants', async () => {
    const described = async (options: object) =>
      (await explain(toyModel(), toyInput(), { classIndex: 0, ...options })).target.description;
    expect(await described({ method: 'score-cam' })).toBe('probability(0)');
    expect(await described({ method: 'score-cam', target: logit })).toBe('logit(0)');
    expect(await described({ method: 'score-cam', preset: 'pytorch-grad-cam' })).toBe('logit(0)');
    expect(await described({ method: { name: 'rise', settings: { masks: 2 } } })).toBe('probability(0)');
    expect(await described({ method: 'is-cam' })).toBe('logit(0)');
  });

  it('explain(…, shapley-cam) of a logit is Grad-CAM, of a probability is not, and needs a linear head', async () => {
    const request = { normalize: 'none', classIndex: 2 } as const;
    const [shapley, grad, curved] = await explainMany(toyModel(), toyInput(), [
      { ...request, method: 'shapley-cam' },
      { ...request, method: 'grad-cam' },
      { normalize: 'none', method: 'shapley-cam', target: probability(2) },
    ]);
    expectClose(shapley!.cam, grad!.cam, { relative: 1e-6 });
    expect(curved!.cam.data).not.toEqual(grad!.cam.data);
    const other = explain(toyModel({ linear: false }), toyInput(), { method: 'shapley-cam' });
    await expect(other).rejects.toBeInstanceOf(UnsupportedError);
    const early = toyModel();
    for (const method of ['cam', 'shapley-cam'] as const) {
      await expect(explain(early, toyInput(), { method, targetLayer: 'early' })).rejects.toThrow(
        new RegExp(`average pooling \\+ linear behind "early" for ${method}`),
      );
    }
    expect(early.calls.forward).toBe(0);
  });

  it('explain(…, smooth-grad-cam-plus-plus) runs its noisy inputs in batches, each with its own gradient', async () => {
    const method: MethodCall = {
      name: 'smooth-grad-cam-plus-plus',
      settings: { draws: 5, noise: 1, seed: 2 },
    };
    const run = async (batchSize: number) => {
      const model = toyModel();
      // Of a probability: the gradient of one noisy input is not that of another.
      const target = probability(0);
      const progress: number[] = [];
      const { cam } = await explain(model, toyInput(), {
        method,
        target,
        targetLayer: 'early',
        normalize: 'none',
        batchSize,
        onProgress: ({ step, done }) => void (step === 'evaluations' && progress.push(done)),
      });
      return {
        cam,
        progress,
        forward: model.calls.forward,
        left: model.calls.forward - model.calls.disposed,
      };
    };
    const single = await run(1);
    expect(single.progress).toEqual([1, 2, 3, 4, 5]);
    expect(Math.max(...pack(single.cam))).toBeGreaterThan(0);
    for (const [batchSize, progress] of [
      [2, [2, 4, 5]],
      [16, [5]],
    ] as const) {
      const found = await run(batchSize);
      expect(found.progress).toEqual(progress);
      expect(found).toMatchObject({ forward: 1 + progress.length, left: 0 });
      expectClose(found.cam, single.cam, { relativeToMax: 1e-6 });
    }
  });

  it('explain(…, smooth-grad-cam-plus-plus) without noise is Grad-CAM++, with noise repeats for a seed', async () => {
    // The network is piecewise linear: only a curved target has gradients that noise changes.
    const request = { targetLayer: 'early', target: probability } as const;
    const found = (settings: Record<string, number>) => {
      const method: MethodCall = { name: 'smooth-grad-cam-plus-plus', settings };
      return explain(toyModel(), toyInput(), { ...request, method });
    };
    const plain = await explain(toyModel(), toyInput(), { ...request, method: 'grad-cam-plus-plus' });
    expectClose((await found({ noise: 0 })).cam, plain.cam, { relative: 1e-6 });
    const noisy = await found({ seed: 1, draws: 3, noise: 2 });
    expect(noisy.range).toEqual((await found({ seed: 1, draws: 3, noise: 2 })).range);
    expect(noisy.range).not.toEqual((await found({ seed: 2, draws: 3, noise: 2 })).range);
  });

  it('explain gives a model of a fixed batch no more than that, and reports evaluations', async () => {
    const model = toyModel();
    const fixed = { ...model, input: { ...model.input, batch: 1 } };
    const steps: string[] = [];
    await explain(fixed, toyInput(), {
      method: { name: 'occlusion', settings: { window: 2, stride: 2 } },
      onProgress: ({ step, done, total }) => steps.push(`${step} ${done}/${total}`),
    });
    expect(model.calls.forward).toBe(6);
    expect(steps).toEqual([
      'forward 1/1',
      'gradients 1/1',
      ...[1, 2, 3, 4, 5].map((done) => `evaluations ${done}/5`),
      'maps 1/1',
    ]);
  });

  it('explain refuses a batch size that is no integer from 1 on, whatever the method that runs the model', async () => {
    const calls = [
      { method: { name: 'smooth-grad-cam-plus-plus', settings: { draws: 3 } }, targetLayer: 'early' },
      { method: 'ablation-cam', targetLayer: 'early' },
      { method: { name: 'rise', settings: { masks: 3 } } },
    ] as const;
    for (const call of calls) {
      for (const batchSize of [0, -1, 2.5, Number.NaN]) {
        const model = toyModel({ linear: false });
        const running = explain(model, toyInput(), { ...call, batchSize });
        await expect(running).rejects.toThrow(OptionError);
        await expect(running).rejects.toThrow(`an integer batchSize ≥ 1; received ${batchSize}.`);
        expect(model.calls).toMatchObject({ forward: 1, disposed: 1 });
        // Nor is it hidden by the one size that a model takes.
        const fixed = { ...model, input: { ...model.input, batch: 1 } };
        await expect(explain(fixed, toyInput(), { ...call, batchSize })).rejects.toThrow(OptionError);
      }
    }
  });

  it('explain stops between batches when the signal fires', async () => {
    const model = toyModel();
    const signal = { aborted: false };
    const running = explain(model, toyInput(), {
      method: { name: 'rise', settings: { masks: 100 } },
      batchSize: 10,
      signal,
      onProgress: ({ step }) => {
        if (step === 'evaluations') Object.assign(signal, { aborted: true });
      },
    });
    await expect(running).rejects.toBeInstanceOf(AbortedError);
    expect(model.calls).toMatchObject({ forward: 2, disposed: 2 });
  });

  it('explain fuses Score-CAM over layers', async () => {
    const model = toyModel();
    const request = { method: 'score-cam', targetLayer: ['last', 'early'], layerFusion: 'mean' } as const;
    expect((await explain(model, toyInput(), request)).status).toBe('ok');
    expect(forwardCount(model, request)).toBe(5);
  });

  it('explain refuses settings a method does not have, values outside their range, and methods that mislead', async () => {
    const refused: [MethodCall | string, RegExp][] = [
      [{ name: 'rise', settings: { mask: 3 } }, /setting of rise masks, cells.*Did you mean "masks"/],
      [{ name: 'grad-cam', settings: { masks: 3 } }, /setting of grad-cam/],
      [{ name: 'rise', settings: { masks: 0 } }, /masks an integer from 1 to 1000000; received 0/],
      [{ name: 'rise', settings: { masks: 1e9 } }, /masks an integer from 1 to 1000000; received 1000000000/],
      [{ name: 'rise', settings: { visible: 2 } }, /visible a number above 0 and at most 1; received 2/],
      [{ name: 'ss-cam', settings: { noise: -1 } }, /noise a number ≥ 0/],
      [{ name: 'score-cam', alpha: 0.5 }, /no alpha/],
    ];
    for (const [method, message] of refused) {
      const attempt = explain(toyModel(), toyInput(), { method: method as MethodCall });
      await expect(attempt).rejects.toBeInstanceOf(OptionError);
      await expect(attempt).rejects.toThrow(message);
    }
    for (const [name, reason] of refusedMethods) {
      const attempt = explain(toyModel(), toyInput(), { method: name as never });
      await expect(attempt).rejects.toBeInstanceOf(UnsupportedError);
      await expect(attempt).rejects.toThrow(reason.slice(0, 40));
    }
  });
});

describe('forwardCount', () => {
  it('forwardCount knows the cost before the model runs', () => {
    const model = toyModel();
    expect(forwardCount(model, {})).toBe(1);
    expect(forwardCount(model, { method: 'rise' })).toBe(4001);
    expect(forwardCount(model, { method: 'score-cam' })).toBe(3);
    expect(forwardCount(model, { method: { name: 'ss-cam', settings: { channels: 1 } } })).toBe(36);
    expect(forwardCount(model, { method: 'smooth-grad-cam-plus-plus' })).toBe(5);
    expect(model.calls.forward).toBe(0);
  });

  it('forwardCount is undefined where only the run tells, and refuses what explain refuses', () => {
    const model = toyModel();
    const any = { ...model, input: { ...model.input, height: undefined } };
    expect(forwardCount(any, { method: 'occlusion' })).toBeUndefined();
    expect(() => forwardCount(model, { targetLayer: 'layer5' })).toThrow(LayerNotFoundError);
  });
});
