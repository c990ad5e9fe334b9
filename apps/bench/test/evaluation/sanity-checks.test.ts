import { explainMany, hybrid } from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import { renderScene, sampleScene } from '@hybridcam/scenes';
import { type LoadedModel, loadModel } from 'hybridcam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RandomisedModel, randomisedModels } from '../../src/evaluation/randomised-models.ts';
import { type MapSanity, sanityChecks } from '../../src/evaluation/sanity-checks.ts';

describe('sanityChecks on the embedded network', () => {
  const methods = ['grad-cam', hybrid({ alpha: 0.7 }), 'eigen-cam'] as const;
  const requests = [
    ...methods.map((method) => ({ method, targetLayer: 'layer4.1', classIndex: 'top1' as const })),
    { method: 'grad-cam' as const, targetLayer: 'layer3.1', classIndex: 'top1' as const },
  ];
  let model: LoadedModel;
  let randomised: RandomisedModel[] = [];
  let checks: MapSanity[];
  let forwards = 0;

  beforeAll(async () => {
    model = await loadModel('scenes');
    const plan = { model: undefined, modelOptions: {}, seed: 0 };
    randomised = await randomisedModels(plan, model, new AbortController().signal);
    const counting: LoadedModel = {
      ...model,
      forward: (...args) => {
        forwards++;
        return model.forward(...args);
      },
    };
    const { input } = preprocess(
      renderScene(sampleScene({ seed: 1_000_000_123 })).image,
      model.preprocessing,
    );
    const explained = await explainMany(counting, input, requests);
    forwards = 0;
    checks = sanityChecks({
      model: counting,
      randomised,
      input,
      requests,
      explained,
      classIndex: explained[0]!.classIndex!,
      seed: 0,
    });
  });
  afterAll(async () => {
    await Promise.all([model, ...randomised.map(({ model: other }) => other)].map((some) => some.dispose()));
  });

  it('a method that ignores class and head stays itself; one that uses them does not', async () => {
    const [gradCam, mixed, eigenCam] = checks;
    expect((await eigenCam!.classSensitivity())!.spearman).toBeCloseTo(1, 12);
    expect((await gradCam!.classSensitivity())!.spearman).toBeLessThan(0.9);
    for (const similarity of (await eigenCam!.headRandomisation())!)
      expect(similarity.spearman).toBeCloseTo(1, 12);
    const shuffled = (await gradCam!.headRandomisation())!.map(({ spearman }) => spearman ?? 0);
    expect(shuffled).toHaveLength(20);
    expect(shuffled.reduce((sum, value) => sum + value, 0) / 20).toBeLessThan(0.9);
    expect(await mixed!.headRandomisation()).toHaveLength(20);
  });

  it('has no closed form where the gradient varies over the layer', async () => {
    expect(await checks[3]!.headRandomisation()).toBeUndefined();
  });

  it('cascades from the scores downwards, and the last stage has lost the map', async () => {
    const stages = await checks[0]!.weightRandomisation();
    expect(stages).toHaveLength(4);
    expect(new Set(stages.map(({ downTo }) => downTo)).size).toBe(4);
    expect(stages[3]!.spearman ?? 0).toBeLessThan(0.9);
  });

  it('shares what several maps need: two passes for all of the above', () => {
    expect(forwards).toBe(2);
  });
});
