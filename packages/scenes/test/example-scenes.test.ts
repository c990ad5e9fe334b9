import { describe, expect, it } from 'vitest';
import { exampleScenes, generateScene, heldOutSeed, sceneManifest } from '../src/index.ts';

describe('exampleScenes', () => {
  it('show what their names say', () => {
    const names = exampleScenes.map(({ options }) =>
      generateScene(options)
        .objects.map((object) => object.name)
        .join('-and-'),
    );
    expect(names).toEqual(exampleScenes.map(({ name }) => name));
    expect(new Set(names).size).toBe(6);
  });

  it('were never trained on', () => {
    for (const { options } of exampleScenes) expect(options.seed).toBeGreaterThanOrEqual(heldOutSeed);
  });
});

describe('sceneManifest', () => {
  it('names every region with its box', () => {
    const scene = generateScene({ seed: 2, kind: 'clever-hans', variant: 'balanced' });
    const manifest = sceneManifest(scene);
    expect(JSON.parse(JSON.stringify(manifest))).toEqual(manifest);
    expect(manifest.className).toBe(scene.objects[0]!.name);
    expect(manifest.regions.map(({ role }) => role)).toEqual([
      'object',
      ...scene.distractors.map(() => 'distractor'),
      'mark',
    ]);
    const mark = manifest.regions.at(-1)!;
    expect([mark.box!.right - mark.box!.left, mark.box!.bottom - mark.box!.top]).toEqual([14, 14]);
    for (const region of manifest.regions) {
      const { left, top, right, bottom } = region.box!;
      expect((right - left) * (bottom - top)).toBeGreaterThanOrEqual(region.pixelCount);
    }
    expect(sceneManifest(generateScene({ seed: 1, kind: 'null' }))).toMatchObject({
      className: null,
      classIndex: null,
    });
  });
});
