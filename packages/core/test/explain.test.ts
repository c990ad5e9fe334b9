import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import {
  AbortedError,
  ClassNotFoundError,
  counterfactual,
  crossLayerHybrid,
  crossLayerHybridCam,
  customTarget,
  type Explanation,
  explain,
  explainMany,
  fuseLayers,
  hybrid,
  hybridCam,
  LayerNotFoundError,
  logit,
  margin,
  NonFiniteError,
  normalize,
  OptionError,
  probability,
  ShapeError,
  statusSentences,
  UnsupportedError,
  upsample,
  version,
  view,
} from '../src/index.ts';
import { toyInput, toyModel } from './toy-model.ts';

// By hand, for toyInput: last = channel 0 [[3.5, 0], [1.5, 0]], channel 1 [[0, 1], [0, 1]]; means 1.25 and 0.5;
// logits [5, 2, 4]; class 0 wins.
describe('explain', () => {
  it('explain(model, input) shows the hybrid of the default layer for the highest score', async () => {
    const model = toyModel({ labels: ['light', 'dark', 'contrast'] });
    const explanation = await explain(model, toyInput());
    expectClose(
      explanation.cam,
      [
        [1, 0],
        [3 / 7, 0],
      ],
      { absolute: 1e-7 },
    );
    expect(explanation.classIndex).toBe(0);
    expect(explanation.status).toBe('ok');
    expectClose(explanation.scores.logits!, [5, 2, 4]);
    const sum = Math.exp(5) + Math.exp(2) + Math.exp(4);
    expectClose(
      explanation.scores.probabilities,
      [5, 2, 4].map((y) => Math.exp(y) / sum),
      { absolute: 1e-7 },
    );
    expect(model.calls).toMatchObject({ forward: 1, gradients: 1, disposed: 1 });
  });

  it('explain(…, grad-cam, normalize none) gives the map and its range in logits', async () => {
    const { cam, range } = await explain(toyModel(), toyInput(), { method: 'grad-cam', normalize: 'none' });
    expectClose(cam, [
      [3.5, 0],
      [1.5, 0],
    ]);
    expect(range).toEqual({ min: 0, max: 3.5, unit: 'score' });
  });

  it('explain(…).saliencyMap is cam upsampled to the input, made once', async () => {
    const explanation = await explain(toyModel(), toyInput());
    expectClose(explanation.saliencyMap, upsample(explanation.cam, 4, 4));
    expect(explanation.saliencyMap).toBe(explanation.saliencyMap);
  });

  it('explain(…).record is plain JSON and names every choice', async () => {
    const model = toyModel({ labels: ['light', 'dark', 'contrast'] });
    const { record } = await explain(model, toyInput(), {
      method: hybrid({ alpha: 0.25 }),
      preset: 'notebook',
    });
    expect(JSON.parse(JSON.stringify(record))).toStrictEqual(record);
    expect(record).toEqual({
      versions: { '@hybridcam/core': version },
      model: { runtime: 'toy', name: 'toy', sha256: null },
      inputShape: [1, 1, 4, 4],
      targetLayers: ['last'],
      layerFusion: null,
      smoothing: [],
      class: { index: 0, label: 'light', score: 5, probability: expect.closeTo(0.7054, 4) },
      target: { description: 'logit(0)', value: 5, scoreKind: 'logit' },
      method: { name: 'hybrid', variant: 'paper', alpha: 0.25 },
      preset: 'notebook',
      normalize: { kind: 'minmax', epsilon: 1e-10 },
      resize: { kind: 'bilinear', centres: 'half-pixel', fuseAt: 'layer', renormalizedAfter: false },
      status: 'ok',
      range: { min: 0, max: 1, unit: 'relative' },
    });
  });

  it('explain(…, { classIndex }) takes an index, a rank and a label', async () => {
    const model = toyModel({ labels: ['light', 'dark', 'contrast'] });
    for (const [selector, index] of [
      [1, 1],
      ['top2', 2],
      ['top3', 1],
      ['dark', 1],
      ['DARK', 1],
      ['2', 2],
    ] as const) {
      expect((await explain(model, toyInput(), { classIndex: selector })).classIndex).toBe(index);
    }
    await expect(explain(model, toyInput(), { classIndex: 'drak' })).rejects.toThrow(/Did you mean "dark"/);
    await expect(explain(model, toyInput(), { classIndex: 3 })).rejects.toBeInstanceOf(ClassNotFoundError);
    await expect(explain(model, toyInput(), { classIndex: 1, target: logit(1) })).rejects.toBeInstanceOf(
      OptionError,
    );
  });

  it('explain(…, { target }) takes a finished target or one made for the class', async () => {
    const model = toyModel();
    const difference = await explain(model, toyInput(), {
      target: margin(1, 0),
      method: 'grad-cam',
      normalize: 'none',
    });
    expectClose(difference.cam, [
      [0, 1],
      [0, 1],
    ]);
    expect(difference.record.target.value).toBe(-3);
    const likely = await explain(model, toyInput(), { target: probability, classIndex: 1 });
    expect(likely.record.target.description).toBe('probability(1)');
    const against = await explain(model, toyInput(), {
      target: counterfactual(logit(2)),
      method: 'grad-cam',
    });
    expectClose(against.cam, [
      [0, 1],
      [0, 1],
    ]);
    const custom = await explain(model, toyInput(), { target: customTarget((scores) => scores[1]! ** 2) });
    expect(custom.classIndex).toBeUndefined();
    expect(custom.record.class).toBeNull();
  });

  it('explain of a single-output model explains the side it decided for', async () => {
    const dark = toyModel({ weights: [[-4, 0]], bias: [0] });
    const explanation = await explain(dark, toyInput(), { method: 'grad-cam', normalize: 'none' });
    expect(explanation.target.description).toBe('binaryScore(-1)');
    expectClose(explanation.cam, [
      [3.5, 0],
      [1.5, 0],
    ]);
    expectClose(explanation.scores.probabilities, [1 / (1 + Math.exp(5))], { absolute: 1e-8 });
  });

  it('explain of a model that gives only probabilities uses them as they are', async () => {
    const model = toyModel({ scoreKind: 'probability' });
    const explanation = await explain(model, toyInput(), { target: probability });
    expect(explanation.scores.logits).toBeUndefined();
    expectClose(explanation.scores.probabilities, [5, 2, 4]);
    expect(explanation.record.target).toEqual({
      description: 'probability(0)',
      value: 5,
      scoreKind: 'probability',
    });
  });

  it('explain(…, cross-layer-hybrid) takes the default layer and the last one twice as fine, and fuses after upsampling', async () => {
    const earlyGain = Array.from({ length: 16 }, (_, i) => 1 + i / 10);
    const model = toyModel({ earlyGain });
    const method = crossLayerHybrid({ alpha: 0.4 });
    const explanation = await explain(model, toyInput(), { method });
    expect(explanation.record.targetLayers).toEqual(['last', 'early']);
    expect(model.calls.gradientLayers).toEqual([['last', 'early']]);
    const pass = await model.forward(toyInput());
    const gradients = await pass.gradients(['last', 'early'], view(Float32Array.of(1, 0, 0), [1, 3]));
    const evidence = (name: string) => ({
      activations: pass.activations(name).pick(0, null, null, null),
      gradients: gradients.get(name)!.pick(0, ...(name === 'early' ? [null, null, null] : [null])),
    });
    const expected = crossLayerHybridCam(evidence('last'), evidence('early'), { alpha: 0.4 });
    expectClose(explanation.cam, normalize(expected));
    expectClose(explanation.saliencyMap, explanation.cam);
    const named = await explain(model, toyInput(), { method, targetLayer: ['last', 'early'] });
    expectClose(named.cam, explanation.cam);
  });

  it('explain(…, { targetLayer, layerFusion }) normalises each layer’s map, upsamples and fuses them', async () => {
    const model = toyModel({ earlyGain: Array.from({ length: 16 }, (_, i) => 1 + i / 10) });
    const request = { method: 'hires-cam', targetLayer: ['last', 'early'] } as const;
    const [fused, last, early] = await explainMany(model, toyInput(), [
      { ...request, layerFusion: 'product' },
      { ...request, targetLayer: 'last' },
      { ...request, targetLayer: 'early' },
    ]);
    const expected = fuseLayers([upsample(last!.cam, 4, 4), early!.cam], 'product');
    expectClose(fused!.cam, normalize(expected), { absolute: 1e-7 });
    expectClose(fused!.saliencyMap, fused!.cam);
    expect(fused!.record).toMatchObject({ layerFusion: 'product', resize: { fuseAt: 'input' } });
    expect(fused!.range.unit).toBe('relative');
    expect(model.calls).toMatchObject({ forward: 1, gradients: 1 });
  });

  it('explain says disjoint-parents where Grad-CAM and LayerCAM share no cell', async () => {
    // Cell 0: its own gradient is negative, the channel's mean positive, so Grad-CAM alone sees it. Cell 1: the reverse.
    const earlyGain = new Array(16).fill(3).fill(-1, 0, 2);
    const model = toyModel({ earlyGain, weights: [[1, -1]], bias: [0] });
    const input = view(new Float32Array(16), [1, 1, 4, 4]);
    input.set(0, 0, 0, 0, 1);
    input.set(0, 0, 0, 1, -1);
    const ends = await explainMany(
      model,
      input,
      [1, 0, 0.7].map((alpha) => ({ targetLayer: 'early', classIndex: 0, method: hybrid({ alpha }) })),
    );
    expect(ends.map(({ status }) => status)).toEqual(['ok', 'ok', 'disjoint-parents']);
    expectClose(ends[0]!.cam.pick(0, null), [1, 0, 0, 0]);
    expectClose(ends[1]!.cam.pick(0, null), [0, 1, 0, 0]);
    expectClose(ends[2]!.cam.pick(0, null), [0, 0, 0, 0]);
  });

  it('explain refuses what it cannot do before running the model', async () => {
    const model = toyModel({ earlyGradient: 'unavailable' });
    const failing: [Parameters<typeof explain>[2], unknown, RegExp][] = [
      [{ method: 'gradcam' as never }, OptionError, /Did you mean "grad-cam"/],
      [{ method: { name: 'grad-cam', alpha: 0.5 } }, OptionError, /no alpha for grad-cam/],
      [{ method: { name: 'hybrid', alpha: 1.5 } }, OptionError, /alpha in \[0, 1\]; received 1.5/],
      [{ method: { name: 'xgrad-cam', variant: 'torch-cam' } }, OptionError, /Did you mean "torchcam"/],
      [{ normalize: 'min-max' as never }, OptionError, /Did you mean "minmax"/],
      [{ preset: 'notbook' as never }, OptionError, /Did you mean "notebook"/],
      [{ targetLayer: 'layer5' }, LayerNotFoundError, /layer5/],
      [{ targetLayer: ['last', 'early'] }, OptionError, /1 target layer for hybrid; received 2/],
      [{ method: 'cross-layer-hybrid', targetLayer: 'last' }, OptionError, /2 target layers/],
      [{ targetLayer: ['last', 'early'], layerFusion: 'avg' as never }, OptionError, /mean, max, product/],
      [{ layerFusion: 'mean' }, OptionError, /several target layers/],
      [
        { method: 'cross-layer-hybrid', targetLayer: ['last', 'early'], layerFusion: 'mean' },
        OptionError,
        /one-layer method/,
      ],
      [{ targetLayer: 'early' }, UnsupportedError, /op ArgMax.*Layers that have: last/],
      [{ method: 'cross-layer-hybrid' }, UnsupportedError, /"early".*op ArgMax/],
      [{ classIndex: -1 }, OptionError, /received -1/],
    ];
    for (const [options, kind, message] of failing) {
      const attempt = explain(model, toyInput(), options);
      await expect(attempt).rejects.toBeInstanceOf(kind as never);
      await expect(attempt).rejects.toThrow(message);
    }
    expect(model.calls.forward).toBe(0);
  });

  it('explain rejects an input of another shape, and passes on that the model refuses NaN', async () => {
    const model = toyModel();
    await expect(explain(model, view(new Float32Array(16), [1, 4, 4]))).rejects.toBeInstanceOf(ShapeError);
    await expect(explain(model, view(new Float32Array(32), [2, 1, 4, 4]))).rejects.toThrow(
      /expected input \[1, 1, 4, 4\]; received shape \[2,1,4,4\]/,
    );
    const spoiled = toyInput();
    spoiled.set(0, 0, 1, 1, Number.NaN);
    await expect(explain(model, spoiled)).rejects.toBeInstanceOf(NonFiniteError);
  });

  it('explain reports NaN weights as scores that are not finite, and still frees the pass', async () => {
    const model = toyModel({ weights: [[Number.NaN, 0]], bias: [0] });
    await expect(explain(model, toyInput())).rejects.toBeInstanceOf(NonFiniteError);
    expect(model.calls.disposed).toBe(1);
  });

  it('explain names the status of a map that says nothing', async () => {
    const cases: [string, string, object][] = [
      ['zero-gradient', 'grad-cam', { target: customTarget(() => 1) }],
      ['no-positive-evidence', 'hybrid', { target: counterfactual(logit(0)) }],
      ['ok', 'hybrid', {}],
    ];
    for (const [status, method, options] of cases) {
      const found = await explain(toyModel(), toyInput(), { method: method as never, ...options });
      expect(found.status).toBe(status);
      expect(statusSentences[found.status].length).toBeGreaterThan(10);
    }
    const dark = await explain(toyModel(), view(new Float32Array(16), [1, 1, 4, 4]), { classIndex: 0 });
    expect(dark.status).toBe('zero-activations');
    expectClose(dark.cam, [
      [0, 0],
      [0, 0],
    ]);
    const even = await explain(toyModel(), view(new Float32Array(16).fill(2), [1, 1, 4, 4]), {
      classIndex: 0,
    });
    expect(even.status).toBe('constant');
  });

  it('explain(…).ledger() accounts for the logit cell by cell, and refuses where there is no account', async () => {
    const model = toyModel();
    const ledger = await (await explain(model, toyInput(), { classIndex: 2 })).ledger();
    expect(ledger.bias).toBe(1);
    expectClose(ledger.cells, [
      [3.5, -1],
      [1.5, -1],
    ]);
    expect(ledger.score).toBe(4);
    expect(ledger.residual).toBe(0);
    const nonlinear = await explain(model, toyInput(), { target: probability });
    await expect(nonlinear.ledger()).rejects.toThrow(/linear in the scores; received probability\(0\)/);
    const other = await explain(toyModel({ linear: false }), toyInput());
    await expect(other.ledger()).rejects.toThrow(UnsupportedError);
    const two = await explain(model, toyInput(), { method: 'cross-layer-hybrid' });
    await expect(two.ledger()).rejects.toThrow(/one layer; received last and early/);
  });

  it('explain(…, cam) needs a linear head and keeps the sign under normalize none', async () => {
    const request = { method: 'cam', classIndex: 2, normalize: 'none' } as const;
    const model = toyModel();
    expectClose((await explain(model, toyInput(), request)).cam, [
      [14, -4],
      [6, -4],
    ]);
    expect(model.calls.gradients).toBe(0);
    await expect(explain(toyModel({ linear: false }), toyInput(), request)).rejects.toBeInstanceOf(
      UnsupportedError,
    );
  });

  it('explain(…, eigen-cam) needs neither gradients nor a head', async () => {
    const model = toyModel({ earlyGradient: 'unavailable' });
    const found = await explain(model, toyInput(), { method: 'eigen-cam', targetLayer: 'early' });
    expect(found.status).toBe('ok');
    expect(model.calls.gradients).toBe(0);
    const dark = await explain(model, view(new Float32Array(16), [1, 1, 4, 4]), { method: 'fem' });
    expect(dark.status).toBe('zero-activations');
  });

  it('explain(…, ablation-cam) divides by the target’s own value, also where another target has the same gradient', async () => {
    const raised = customTarget((scores) => scores[2]! + 4, { gradient: () => [0, 0, 1] });
    const found = await explainMany(
      toyModel(),
      toyInput(),
      [logit(2), raised].map((target) => ({ target, method: 'ablation-cam', normalize: 'none' })),
    );
    // w = [4·1.25, −4·0.5] / y; logit 2 is 4, and 8 when raised.
    expectClose(found[0]!.cam, [
      [(5 * 3.5) / 4, 0],
      [(5 * 1.5) / 4, 0],
    ]);
    expectClose(found[1]!.cam.get(0, 0), (5 * 3.5) / 8);
    expect(found.map(({ record }) => record.target.value)).toEqual([4, 8]);
  });

  it('explain stops when the signal fires and frees the pass', async () => {
    const model = toyModel();
    const signal = { aborted: false, reason: 'enough' };
    await expect(
      explain(model, toyInput(), { signal, onProgress: () => Object.assign(signal, { aborted: true }) }),
    ).rejects.toBeInstanceOf(AbortedError);
    expect(model.calls).toMatchObject({ forward: 1, gradients: 0, disposed: 1 });
    await expect(explain(model, toyInput(), { signal })).rejects.toMatchObject({
      code: 'ABORTED',
      cause: 'enough',
    });
    expect(model.calls.forward).toBe(1);
  });
});

describe('explainMany', () => {
  it('explainMany over alphas, methods and equal targets costs one forward and one backward pass', async () => {
    const model = toyModel();
    const explanations = await explainMany(model, toyInput(), [
      ...[0, 0.3, 1].map((alpha) => ({ method: hybrid({ alpha }) })),
      { method: 'layer-cam', classIndex: 0 },
      { method: 'grad-cam', target: logit(0) },
    ]);
    expect(model.calls).toMatchObject({ forward: 1, gradients: 1 });
    expectClose(explanations[0]!.cam, explanations[3]!.cam);
    expectClose(explanations[2]!.cam, explanations[4]!.cam);
  });

  it('explainMany keeps the order of requests across targets, with one backward pass each and progress', async () => {
    const model = toyModel();
    const steps: string[] = [];
    const explanations = await explainMany(
      model,
      toyInput(),
      [{ classIndex: 1 }, { classIndex: 0 }, { classIndex: 1, targetLayer: 'early' }],
      { onProgress: ({ step, done, total }) => steps.push(`${step} ${done}/${total}`) },
    );
    expect(explanations.map(({ classIndex }) => classIndex)).toEqual([1, 0, 1]);
    expect(model.calls.gradientLayers).toEqual([['last', 'early'], ['last']]);
    expect(steps).toEqual(['forward 1/1', 'gradients 1/2', 'maps 1/2', 'gradients 2/2', 'maps 2/2']);
  });

  it('explainMany with the preset notebook equals hybridCam with it', async () => {
    const model = toyModel();
    const [found] = await explainMany(model, toyInput(), [
      { method: hybrid({ alpha: 0.3 }), preset: 'notebook' },
    ]);
    const pass = await model.forward(toyInput());
    const gradients = await pass.gradients(['last'], view(Float32Array.of(1, 0, 0), [1, 3]));
    const expected = hybridCam(
      pass.activations('last').pick(0, null, null, null),
      gradients.get('last')!.pick(0, null),
      { alpha: 0.3, preset: 'notebook' },
    );
    expectClose(found!.cam, expected);
  });

  it('explainMany gives a plain request the same beside one that needs more, and alone', async () => {
    const models = {
      classes: toyModel({ labels: ['top1', 'dark', 'contrast'], earlyGain: [...new Array(16).keys()] }),
      'equal scores': toyModel({ bias: [0, 3, 1] }),
      'one score': toyModel({ weights: [[4, 1]], bias: [-9] }),
      probabilities: toyModel({ scoreKind: 'probability', weights: [[0.1, 0.2]], bias: [0] }),
    };
    const all = ({ cam, saliencyMap, status, range, classIndex, record }: Explanation) => [
      [...cam.data, ...saliencyMap.data],
      [status, range, classIndex, record],
    ];
    for (const [name, model] of Object.entries(models)) {
      for (const method of ['hybrid', 'grad-cam', 'layer-cam'] as const) {
        for (const classIndex of [undefined, 'top1', 0] as const) {
          for (const targetLayer of [undefined, 'early'] as const) {
            const request = { method, classIndex, targetLayer };
            const alone = await explain(model, toyInput(), request);
            const [beside] = await explainMany(model, toyInput(), [request, { method: 'xgrad-cam' }]);
            expect(all(alone), `${name} ${JSON.stringify(request)}`).toEqual(all(beside!));
          }
        }
      }
      const outside = { classIndex: 7 };
      const refusals = [[outside], [outside, { method: 'xgrad-cam' as const }]].map((requests) =>
        explainMany(model, toyInput(), requests).catch((error: Error) => error.message),
      );
      expect(await refusals[0]).toMatch(/^resolveClass: expected a class index from 0 to/);
      expect(await refusals[0]).toBe(await refusals[1]);
    }
  });

  it('explainMany of nothing runs nothing', async () => {
    const model = toyModel();
    expect(await explainMany(model, toyInput(), [])).toEqual([]);
    expect(model.calls.forward).toBe(0);
  });
});
