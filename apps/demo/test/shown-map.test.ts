import { explain, hybrid, type MethodName, margin } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { beforeAll, describe, expect, test } from 'vitest';
import { classMap } from '../src/class-map.ts';
import type { Evidence } from '../src/protocol.ts';
import { defaultState } from '../src/state.ts';
import { shownMap } from '../src/ui/shown-map.ts';
import { explainPicture } from '../src/worker/explain-picture.ts';
import { type Oracle, openOracle } from './oracle.ts';

const close = { absolute: 1e-5 };
const alpha = 0.7;

describe('a class that is pointed at', () => {
  let oracle: Oracle;
  beforeAll(async () => {
    oracle = await openOracle('cup');
  });

  interface Wish {
    readonly method: MethodName;
    readonly layer?: string;
    readonly against?: number;
  }
  const evidenceOf = ({ method, layer, against }: Wish): Promise<Evidence> =>
    explainPicture(oracle.model, oracle.input, { layer, method, classIndex: 1, against });
  const pointedAt = (evidence: Evidence, method: MethodName, hovered: number) =>
    shownMap({
      evidence,
      hovered,
      state: { ...defaultState, method, alpha },
      labels: oracle.model.labels,
      source: 'live',
    })!;

  test.each(['hybrid', 'grad-cam', 'layer-cam', 'xgrad-cam', 'hires-cam', 'cam'] as const)(
    '%s: shows explain’s map of that class, without a word',
    async (method) => {
      const evidence = await evidenceOf({ method });
      for (const classIndex of [0, 4, 9]) {
        const shown = pointedAt(evidence, method, classIndex);
        expect([shown.classIndex, shown.note]).toEqual([classIndex, undefined]);
        const { cam, status } = await explain(oracle.model, oracle.input, {
          method: method === 'hybrid' ? hybrid({ alpha }) : method,
          classIndex,
        });
        expect(shown.map?.status).toBe(status);
        expectClose(shown.map!.cells, cam, close);
      }
    },
  );

  test.each(['grad-cam', 'xgrad-cam', 'hires-cam', 'cam'] as const)(
    '%s with a contrast: shows explain’s map of the margin',
    async (method) => {
      const shown = pointedAt(await evidenceOf({ method, against: 3 }), method, 0);
      expect([shown.classIndex, shown.against, shown.note]).toEqual([0, 3, undefined]);
      const { cam } = await explain(oracle.model, oracle.input, { method, target: margin(0, 3) });
      expectClose(shown.map!.cells, cam, close);
    },
  );

  test('the class of the contrast itself is shown without one, as a click would', async () => {
    const shown = pointedAt(await evidenceOf({ method: 'grad-cam', against: 3 }), 'grad-cam', 3);
    expect([shown.classIndex, shown.against]).toEqual([3, undefined]);
    const { cam } = await explain(oracle.model, oracle.input, { method: 'grad-cam', classIndex: 3 });
    expectClose(shown.map!.cells, cam, close);
  });

  test.each(['hybrid', 'layer-cam'] as const)(
    '%s with a contrast does not follow from the maps of all classes: a preview that says so',
    async (method) => {
      const evidence = await evidenceOf({ method, against: 3 });
      const shown = pointedAt(evidence, method, 0);
      expect(shown.against).toBeUndefined();
      expect(shown.note).toMatch(/^Preview: hybrid of this class alone; click for .+ rather than /);
      const alone = classMap(evidence.classMaps!, {
        classIndex: 0,
        against: undefined,
        method: 'hybrid',
        alpha,
      });
      expectClose(shown.map!.cells, alone!.cells, { absolute: 0 });
    },
  );

  test.each([
    ['cross-layer-hybrid', /^Preview: hybrid; click for Cross-Layer Hybrid/i],
    ['ablation-cam', /^Preview: hybrid; click for Ablation-CAM\.$/],
    ['score-cam', /^Preview: hybrid; click for Score-CAM\.$/],
  ] as const)('%s: a preview that says so', async (method, words) => {
    const shown = pointedAt(await evidenceOf({ method }), method, 0);
    expect(shown.note).toMatch(words);
    const { cam } = await explain(oracle.model, oracle.input, { method: hybrid({ alpha }), classIndex: 0 });
    expectClose(shown.map!.cells, cam, close);
  });

  test('eigen-cam knows no classes: its map stays, and the page says why', async () => {
    const evidence = await evidenceOf({ method: 'eigen-cam' });
    const shown = pointedAt(evidence, 'eigen-cam', 0);
    expect(shown.classIndex).toBe(0);
    expect(shown.note).toBe('Eigen-CAM is the same for every class.');
    const { cam } = await explain(oracle.model, oracle.input, { method: 'eigen-cam', classIndex: 0 });
    expectClose(shown.map!.cells, cam, close);
  });

  test('at an earlier layer the chosen map stays, and a click is asked for', async () => {
    const evidence = await evidenceOf({ method: 'hybrid', layer: 'layer3.0' });
    const shown = pointedAt(evidence, 'hybrid', 0);
    expect([shown.classIndex, shown.note]).toEqual([1, expect.stringContaining('needs a click')]);
  });
});
