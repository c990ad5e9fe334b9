import { type ExplainRequest, forwardCount } from '@hybridcam/core';
import { beforeEach, describe, expect, it } from 'vitest';
import { costLines } from '../../src/cli/explain/cost-text.ts';
import { type LoadedModel, loadModel } from '../../src/index.ts';
import { tinyModel } from '../tiny-model.ts';

let model: LoadedModel;

beforeEach(async () => {
  model = await loadModel(tinyModel());
  return () => model.dispose();
});

function lines(...requests: (ExplainRequest & { readonly method: NonNullable<ExplainRequest['method']> })[]) {
  return costLines(
    model,
    requests.map((request) => ({
      request,
      method: typeof request.method === 'string' ? { name: request.method } : request.method,
      layerPart: undefined,
      namesClass: false,
      targetPart: undefined,
    })),
  );
}

const forwardsAt = (targetLayer: string) => forwardCount(model, { method: 'ablation-cam', targetLayer });

describe('costLines', () => {
  it('says nothing of one pass, and adds the passes of a method asked for twice', () => {
    expect(lines({ method: 'grad-cam' })).toEqual([]);
    const rise = { name: 'rise', settings: { masks: 1000 } } as const;
    expect(lines({ method: rise }, { method: rise, classIndex: 1 })).toEqual([
      'rise runs the model 2,002 times per image.',
    ]);
  });

  it('says what it does not know, and the most it can be: one pass and one per channel', () => {
    const channels = model.resolveLayer(model.defaultLayer).shape![0];
    const [line, ...more] = lines({ method: 'ablation-cam' });
    expect(more).toEqual([]);
    expect(line).toContain(
      `ablation-cam runs the model an unknown number of times per image, at most ${channels + 1} times`,
    );
    expect(lines({ method: 'ablation-cam', augmentationSmoothing: true })[0]).toContain(
      `at most ${6 * (channels + 1)} times`,
    );
  });

  it('says one thing of a method that is known at one layer and not at another', () => {
    const early = model.layers.find(
      ({ name }) => name !== model.defaultLayer && forwardsAt(name) !== undefined,
    )!;
    const most = forwardsAt(early.name)! + model.resolveLayer(model.defaultLayer).shape![0] + 1;
    const rise = { name: 'rise', settings: { masks: 10 } } as const;
    const { defaultLayer } = model;
    expect(
      lines(
        { method: 'ablation-cam', targetLayer: defaultLayer },
        { method: rise },
        { method: 'ablation-cam', targetLayer: early.name },
      ),
    ).toEqual([
      'rise runs the model 11 times per image.',
      `ablation-cam runs the model an unknown number of times per image, at most ${most} times: what decides it shows when the model runs.`,
    ]);
  });

  it('names no most where the size is known only when the model runs', async () => {
    const free = await loadModel(tinyModel({ shape: ['N', 3, 'H', 'W'] }));
    const request = { method: 'occlusion' } as const;
    const planned = {
      request,
      method: { name: 'occlusion' as const },
      layerPart: undefined,
      namesClass: false,
      targetPart: undefined,
    };
    expect(costLines(free, [planned])).toEqual([
      'occlusion runs the model an unknown number of times per image: what decides it shows when the model runs.',
    ]);
    await free.dispose();
  });
});
