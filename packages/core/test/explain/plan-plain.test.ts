import { describe, expect, it } from 'vitest';
import { planPlain } from '../../src/explain/plan-plain.ts';
import { CamError, type ExplainRequest, hybrid, logit, methodNames, planRequest } from '../../src/index.ts';
import { toyModel } from '../toy-model.ts';

const choices = {
  method: [undefined, ...methodNames, hybrid({ alpha: 0.2 }), 'gradcam', 'random', 'toString'].concat(
    // What only a call can say, right and wrong.
    [
      { name: 'hybrid' },
      { name: 'hybrid', alpha: 2 },
      { name: 'hybrid', alpha: Number.NaN },
      { name: 'hybrid', variant: 'paper' },
      { name: 'hybrid', variant: 'torchcam' },
      { name: 'grad-cam', alpha: 0.5 },
      { name: 'grad-cam', settings: { draws: 1 } },
      { name: 'rise', settings: { masks: 10 } },
      { name: ['hybrid'] },
      {},
      null,
      7,
    ] as never[],
  ),
  targetLayer: [undefined, 'last', 'early', ['last'], ['last', 'early'], 'layer5'],
  classIndex: [undefined, 'top1', 'top2', 'dark', 0, -1, 0.5, '1', ''],
  target: [undefined, logit, logit(0)],
  normalize: [undefined, 'minmax', 'none', 'minmx'],
  preset: [undefined, 'notebook', 'notbook'],
  layerFusion: [undefined, 'mean', 'men'],
  eigenSmoothing: [undefined, false, true],
  augmentationSmoothing: [undefined, true],
} as const;

/** Every choice, each pair of choices of two options, the rest as they are by default. */
function* requests(): Generator<ExplainRequest> {
  const options = Object.keys(choices) as (keyof typeof choices)[];
  for (const first of options) {
    for (const second of options) {
      for (const a of choices[first]) {
        for (const b of choices[second]) yield { [first]: a, [second]: b } as ExplainRequest;
      }
    }
  }
}

function planned(plan: () => unknown): unknown {
  try {
    return plan();
  } catch (error) {
    if (error instanceof CamError) return { code: error.code, message: error.message };
    throw error;
  }
}

describe('planPlain', () => {
  const models = {
    'of classes': toyModel(),
    'without a linear head': toyModel({ linear: false }),
    'with another output': { ...toyModel(), outputShape: [3] },
    'without gradients': blocked(),
  };

  for (const [name, model] of Object.entries(models)) {
    it(`plans as planRequest or leaves it to it, for a model ${name}`, () => {
      const plans: unknown[] = [];
      for (const request of requests()) {
        const plan = planned(() => planPlain(model, request));
        if (plan === undefined) continue;
        plans.push(plan);
        expect(plan, JSON.stringify(request)).toEqual(planned(() => planRequest(model, request)));
      }
      expect(plans.length > 100).toBe(name === 'of classes' || name === 'without a linear head');
    });
  }

  it('plans the hybrid and its parents at one layer for an index or the best class', () => {
    for (const method of ['hybrid', 'grad-cam', 'layer-cam', hybrid({ alpha: 0.2 })] as const) {
      for (const classIndex of [undefined, 'top1', 2] as const) {
        for (const targetLayer of [undefined, 'early']) {
          const request = { method, classIndex, targetLayer, target: logit, normalize: 'minmax' } as const;
          expect(planPlain(toyModel(), request)).toEqual(planRequest(toyModel(), request));
        }
      }
    }
  });

  it('leaves the rest to planRequest', () => {
    expect(planPlain(toyModel(), { method: 'xgrad-cam' })).toBeUndefined();
    expect(planPlain(toyModel(), { classIndex: 'dark' })).toBeUndefined();
    expect(planPlain(blocked(), {})).toBeUndefined();
  });
});

function blocked() {
  const model = toyModel();
  return {
    ...model,
    resolveLayer: (name: string) => ({
      ...model.resolveLayer(name),
      gradient: 'unavailable' as const,
      blockedBy: 'a test',
    }),
  };
}
