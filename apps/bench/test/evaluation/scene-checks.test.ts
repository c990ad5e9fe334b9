import { pack, view } from '@hybridcam/core';
import { preprocess } from '@hybridcam/image';
import { createImageCache } from '@hybridcam/metrics';
import { type LoadedModel, loadModel } from 'hybridcam';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelSubject } from '../../src/evaluation/model-subject.ts';
import { sceneChecks } from '../../src/evaluation/scene-checks.ts';
import { type EvaluatedSceneKind, sceneItem } from '../../src/images/scene-items.ts';

let model: LoadedModel;
beforeAll(async () => {
  model = await loadModel('scenes');
});
afterAll(() => model.dispose());

async function checksOf(index: number, kind: EvaluatedSceneKind) {
  const { image, scene, truth } = await sceneItem(index, 0, kind).decode();
  const { input } = preprocess(image, model.preprocessing);
  const subject = modelSubject(model, 'probability');
  const checks = sceneChecks({
    scene: scene!,
    model,
    subject,
    preprocessing: model.preprocessing,
    input: view(pack(input), input.shape.slice(1)),
    requests: [{ method: 'grad-cam', classIndex: truth!.classIndex }],
    classIndex: truth!.classIndex!,
    cache: createImageCache(),
  });
  return { checks, scene: scene!, image, truth: truth!, subject };
}

/** The first scene with that many parts. */
async function withParts(least: number) {
  for (let index = 0; ; index++) {
    const found = await checksOf(index, 'single');
    if (found.scene.parts.length >= least) return found;
  }
}

describe('sceneChecks', () => {
  it('intervention: a map on the object alone agrees, one on everything else does not, and scores are shared', async () => {
    const { checks, scene, truth, image, subject } = await withParts(3);
    const one = checks(0);
    const honest = await one.intervention(truth.evidence as ReturnType<typeof view>);
    const inverse = view(
      Float32Array.from(pack(truth.evidence as ReturnType<typeof view>), (value) => 1 - value),
      [image.height, image.width],
    );
    const scored = subject.forwards();
    expect(scored).toBe(scene.parts.length + 1);
    const dishonest = await checks(undefined).intervention(inverse);
    expect(subject.forwards()).toBe(scored);
    expect(honest).toBeGreaterThan(0);
    expect(dishonest).toBeLessThan(honest!);
  });

  it('each part is drawn away where its mask says it is', async () => {
    const { scene, image } = await withParts(3);
    for (const { evidence, without } of scene.parts) {
      const other = without();
      const inside = pack(evidence);
      let changed = 0;
      for (let pixel = 0; pixel < inside.length; pixel++)
        if (
          inside[pixel] &&
          image.data
            .subarray(4 * pixel, 4 * pixel + 3)
            .some((value, c) => value !== other.data[4 * pixel + c])
        )
          changed++;
      const area = inside.reduce((sum, value) => sum + value, 0);
      expect(changed).toBeGreaterThan(0.9 * area);
    }
  });

  it('background independence is one number of the network for all maps', async () => {
    const { checks, subject } = await checksOf(0, 'single');
    const share = await checks(0).backgroundIndependence();
    expect([0, 0.25, 0.5, 0.75, 1]).toContain(share);
    const scored = subject.forwards();
    expect(scored).toBe(5);
    expect(await checks(undefined).backgroundIndependence()).toBe(share);
    expect(subject.forwards()).toBe(scored);
  });

  it('clever-hans: a map on the mark loses it when the mark is drawn away; no mark and no method are said', async () => {
    const { checks, scene } = await checksOf(0, 'clever-hans');
    const onMark = await checks(0).cleverHans(scene.mark!.evidence);
    // All of the map lies on the mark; of Grad-CAM without the mark only what falls there by chance.
    expect(onMark).toBeGreaterThan(0.5);
    expect(onMark).toBeLessThanOrEqual(1);
    expect(await checks(undefined).cleverHans(scene.mark!.evidence)).toBe('no-method');
    const { checks: unmarked, truth } = await checksOf(0, 'single');
    expect(await unmarked(0).cleverHans(truth.evidence as ReturnType<typeof view>)).toBe('no-mark');
  });
});
