import { pack } from '@hybridcam/core';
import { type Image, type Preprocessing, preprocess, presets, resolvePreprocessing } from '@hybridcam/image';
import { describe, expect, it } from 'vitest';
import {
  preprocessingOf as optionsOf,
  type PreprocessingFlags,
} from '../../src/cli/explain/preprocessing-of.ts';

const preprocessingOf = (flags: PreprocessingFlags): Preprocessing => resolvePreprocessing(optionsOf(flags));

const none: PreprocessingFlags = {
  preset: undefined,
  resize: undefined,
  crop: undefined,
  mean: undefined,
  std: undefined,
  channels: undefined,
};

/** The input for one pixel of this colour, in the model's channel order. */
function pixel(preprocessing: Preprocessing, [red, green, blue]: [number, number, number]): number[] {
  const image: Image = { data: Uint8Array.of(red, green, blue, 255), width: 1, height: 1 };
  const single = { ...preprocessing, resize: { mode: 'none' }, crop: { mode: 'none' } } as const;
  return [...pack(preprocess(image, single).input)];
}

describe('preprocessingOf', () => {
  it('is the preset where nothing overrides it', () => {
    expect(preprocessingOf(none)).toEqual(presets.torchvision);
    for (const name of Object.keys(presets) as (keyof typeof presets)[]) {
      expect(preprocessingOf({ ...none, preset: name })).toEqual(presets[name]);
    }
  });
  it('puts single flags over the preset', () => {
    const changed = preprocessingOf({ ...none, resize: 232, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] });
    expect(changed).toEqual({
      ...presets['minus-one-one'],
      resize: { mode: 'shorter-side', size: 232, filter: 'bilinear' },
    });
  });
  it('keeps means with their colours when the channel order changes', () => {
    const [red, green, blue] = pixel(presets.torchvision, [10, 100, 200]);
    expect(pixel(preprocessingOf({ ...none, channels: 'bgr' }), [10, 100, 200])).toEqual([blue, green, red]);
    const given = preprocessingOf({ ...none, channels: 'bgr', mean: [0.1, 0.2, 0.3], std: [1, 1, 1] });
    expect(given.mean).toEqual([0.3, 0.2, 0.1]);
    const caffeToRgb = preprocessingOf({ ...none, preset: 'keras-caffe', channels: 'rgb' });
    expect(caffeToRgb.mean).toEqual([123.68, 116.779, 103.939]);
  });
  it('reads given means for pixels from 0 to 1, whatever scale the preset has', () => {
    const both = preprocessingOf({
      ...none,
      preset: 'keras-tf',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
    });
    pixel(both, [0, 128, 255]).forEach((value, channel) => {
      expect(value).toBeCloseTo(pixel(presets['keras-tf'], [0, 128, 255])[channel]!, 6);
    });
    // Only one given: the other keeps its meaning.
    const meanOnly = preprocessingOf({ ...none, preset: 'keras-tf', mean: [0.5, 0.5, 0.5] });
    expect(meanOnly.std[0]).toBeCloseTo(0.5, 12);
  });
  it('refuses means for pixels from 0 to 255 and says what they would be', () => {
    expect(() => preprocessingOf({ ...none, mean: [123.675, 116.28, 103.53] })).toThrow(
      /they are 0\.485,0\.456,0\.406/,
    );
    expect(() => preprocessingOf({ ...none, std: [58.395, 57.12, 57.375] })).toThrow(/0\.229,0\.224,0\.225/);
  });
});
