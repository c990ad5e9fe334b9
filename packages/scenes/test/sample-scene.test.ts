import { OptionError } from '@hybridcam/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  backgroundFamilies,
  distractorNames,
  type SceneOptions,
  sampleScene,
  sceneClasses,
} from '../src/index.ts';

describe('sampleScene', () => {
  it('gives the same spec for the same seed, through JSON too', () => {
    const spec = sampleScene({ seed: 5 });
    expect(sampleScene({ seed: 5 })).toEqual(spec);
    expect(JSON.parse(JSON.stringify(spec))).toEqual(spec);
    expect(sampleScene({ seed: 6 })).not.toEqual(spec);
  });

  it('draws every factor on its own: another class changes nothing but the object', () => {
    const fish = sampleScene({ seed: 12, className: 'fish', distractors: 0 });
    const house = sampleScene({ seed: 12, className: 'house', distractors: 0 });
    expect({ ...house, objects: [] }).toEqual({ ...fish, objects: [] });
    expect(house.objects[0]).toMatchObject({
      color: fish.objects[0]!.color,
      rotation: fish.objects[0]!.rotation,
    });
  });

  it('draws classes and backgrounds about equally often and independently of each other', () => {
    const table = new Map<string, number>();
    const count = 8000;
    for (let seed = 0; seed < count; seed++) {
      const spec = sampleScene({ seed, distractors: 0 });
      const cell = `${spec.objects[0]!.shape} ${spec.background.family}`;
      table.set(cell, (table.get(cell) ?? 0) + 1);
    }
    const cells = sceneClasses.length * backgroundFamilies.length;
    expect(table.size).toBe(cells);
    // Chi-square of the whole table against equal frequencies; 130 is its 99.98 % quantile for 79 degrees of freedom.
    const wanted = count / cells;
    const chiSquare = [...table.values()].reduce((sum, n) => sum + (n - wanted) ** 2 / wanted, 0);
    expect(chiSquare).toBeLessThan(130);
  });

  it('keeps figures apart and objects within the border', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 31 }),
        fc.constantFrom<SceneOptions['kind']>('single', 'two-objects', 'null'),
        (seed, kind) => {
          const spec = sampleScene({ seed, kind: kind! });
          for (const object of spec.objects) {
            expect(sceneClasses).toContain(object.shape);
            expect(object.x).toBeGreaterThan(0.1);
            expect(object.x).toBeLessThan(0.9);
            expect(object.area).toBeGreaterThan(0.0099);
          }
          for (const distractor of spec.distractors) expect(distractorNames).toContain(distractor.shape);
          expect(spec.objects.length).toBe(kind === 'null' ? 0 : kind === 'single' ? 1 : 2);
          if (kind === 'two-objects') expect(spec.objects[0]!.shape).not.toBe(spec.objects[1]!.shape);
        },
      ),
    );
  });

  it('ties the mark to the class in the confounded variant only', () => {
    let agreements = 0;
    for (let seed = 0; seed < 1000; seed++) {
      const confounded = sampleScene({ seed, kind: 'clever-hans', variant: 'confounded' });
      const balanced = sampleScene({ seed, kind: 'clever-hans', variant: 'balanced' });
      const absent = sampleScene({ seed, kind: 'clever-hans', variant: 'absent' });
      const classIndex = sceneClasses.indexOf(confounded.objects[0]!.shape);
      expect(confounded.mark?.classIndex).toBe(classIndex);
      expect(balanced.mark?.corner).toBe(confounded.mark?.corner);
      expect(absent.mark).toBeNull();
      if (balanced.mark?.classIndex === classIndex) agreements++;
    }
    expect(agreements).toBeGreaterThan(65);
    expect(agreements).toBeLessThan(140);
  });

  it.each([
    [{ seed: 0.5 }, 'expected seed to be a whole number; received 0.5'],
    [{ seed: 1, size: 31 }, 'expected size to be a number from 32 to 2048; received 31'],
    [{ seed: 1, className: 'dog' }, 'expected className to be one of butterfly, '],
    [{ seed: 1, area: [0.2, 0.1] }, 'expected area to be a range, low then high; received [0.2, 0.1]'],
    [{ seed: 1, area: [0.1, 0.5] }, 'expected area to be a number from 0.01 to 0.22; received 0.5'],
    [{ seed: 1, area: [Number.NaN, 0.1] }, 'expected area to be a range'],
    [{ seed: 1, distractors: -1 }, 'expected distractors to be a number from 0 to 20; received -1'],
    [{ seed: 1, kind: 'clever-hans' }, 'expected variant to be given with kind clever-hans'],
    [{ seed: 1, variant: 'balanced' }, 'expected variant to be given with kind clever-hans'],
    [{ seed: 1, kind: 'null', className: 'fish' }, 'expected className to be absent with kind null'],
    [{ seed: 1, kind: 'many' }, 'expected kind to be one of single, '],
  ])('refuses %j', (options, message) => {
    expect(() => sampleScene(options as unknown as SceneOptions)).toThrow(OptionError);
    expect(() => sampleScene(options as unknown as SceneOptions)).toThrow(message);
  });
});
