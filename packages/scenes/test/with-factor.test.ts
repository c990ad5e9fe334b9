import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import {
  renderScene,
  sampleScene,
  withFactor,
  withMovedMark,
  withoutObject,
  withSwappedBackground,
} from '../src/index.ts';

const spec = sampleScene({ seed: 3, kind: 'clever-hans', variant: 'confounded', className: 'cup' });

describe('changing one factor', () => {
  it('withSwappedBackground takes another family and leaves every mask alone', () => {
    for (let seed = 0; seed < 50; seed++) {
      const swapped = withSwappedBackground(spec, seed);
      expect(swapped.background.family).not.toBe(spec.background.family);
      expect({ ...swapped, background: spec.background }).toEqual(spec);
    }
    const before = renderScene(spec);
    const after = renderScene(withSwappedBackground(spec, 1));
    expect(after.objects).toEqual(before.objects);
    expect(after.distractors).toEqual(before.distractors);
    expect(after.image.data).not.toEqual(before.image.data);
  });

  it('withoutObject removes that object only', () => {
    const both = sampleScene({ seed: 4, kind: 'two-objects' });
    expect(withoutObject(both, 0).objects).toEqual([both.objects[1]]);
    expect(renderScene(withoutObject(withoutObject(both))).classIndex).toBeNull();
    expect(() => withoutObject(both, 2)).toThrow(
      'withoutObject: expected the index of one of 2 objects; received 2.',
    );
  });

  it('withMovedMark changes pixels inside the two places of the mark only', () => {
    const before = renderScene(spec);
    const after = renderScene(
      withMovedMark(spec, {
        classIndex: 7,
        corner: spec.mark!.corner === 'top-left' ? 'bottom-right' : 'top-left',
      }),
    );
    expect(after.mark?.classIndex).toBe(7);
    expect(after.mark?.pixelCount).toBe(before.mark?.pixelCount);
    for (let i = 0; i < 96 * 96; i++) {
      if (before.image.data[4 * i] === after.image.data[4 * i]) continue;
      const x = i % 96;
      const y = Math.floor(i / 96);
      expect(Math.min(x, 95 - x)).toBeLessThan(18);
      expect(Math.min(y, 95 - y)).toBeLessThan(18);
    }
    expect(() => withMovedMark(sampleScene({ seed: 1 }), { classIndex: 2 })).toThrow(
      'expected a scene with a mark',
    );
  });

  it('withFactor checks the value', () => {
    expect(withFactor(spec, 'noise', { amplitude: 0, seed: 1 }).noise.amplitude).toBe(0);
    expect(() => withFactor(spec, 'noise', { amplitude: 999, seed: 1 })).toThrow(OptionError);
  });
});
