import { OptionError } from '@hybridcam/core';
import { describe, expect, test } from 'vitest';
import { type PreprocessingOptions, presets, resolvePreprocessing, withInputSize } from '../src/index.ts';

describe('resolvePreprocessing', () => {
  test('without options is the torchvision preset', () => {
    expect(resolvePreprocessing()).toEqual(presets.torchvision);
    expect(resolvePreprocessing({ resize: undefined, mean: undefined })).toEqual(presets.torchvision);
  });

  test.for(Object.entries(presets))('returns the complete preset %s as it is', ([, preset]) => {
    expect(resolvePreprocessing(preset)).toEqual(preset);
    expect(resolvePreprocessing(JSON.parse(JSON.stringify(preset)))).toEqual(preset);
  });

  test('overrides a preset field by field', () => {
    expect(resolvePreprocessing({ resize: { size: 232 }, std: [1, 2, 3] })).toEqual({
      ...presets.torchvision,
      resize: { mode: 'shorter-side', size: 232, filter: 'bilinear' },
      std: [1, 2, 3],
    });
  });

  test('gives Keras arithmetic on torchvision geometry', () => {
    const { resize, crop, divisor } = resolvePreprocessing({
      preset: 'keras-tf',
      resize: { mode: 'shorter-side', size: 256 },
      crop: { size: 224 },
    });
    // Another mode than the preset's: the preset's nearest filter does not come along.
    expect(resize).toEqual(presets.torchvision.resize);
    expect(crop).toEqual(presets.torchvision.crop);
    expect(divisor).toBe(127.5);
  });

  test('takes one number for a square, two for [height, width]', () => {
    expect(resolvePreprocessing({ preset: 'squash', resize: { size: 96 } }).resize).toMatchObject({
      mode: 'squash',
      size: [96, 96],
    });
    expect(resolvePreprocessing({ crop: { size: [20, 30] } }).crop).toEqual({
      mode: 'center',
      size: [20, 30],
    });
  });

  test('switches resize and crop off', () => {
    const { resize, crop } = resolvePreprocessing({ resize: { mode: 'none' }, crop: { mode: 'none' } });
    expect([resize, crop]).toEqual([{ mode: 'none' }, { mode: 'none' }]);
  });

  test('keeps the mean with its colours when the channel order changes', () => {
    expect(resolvePreprocessing({ channels: 'bgr' }).mean).toEqual([0.406, 0.456, 0.485]);
    expect(resolvePreprocessing({ channels: 'bgr', mean: [1, 2, 3] }).mean).toEqual([1, 2, 3]);
    expect(resolvePreprocessing({ preset: 'keras-caffe', channels: 'rgb' }).mean).toEqual([
      123.68, 116.779, 103.939,
    ]);
  });

  test.for<[PreprocessingOptions, RegExp]>([
    [{ preset: 'imagenet' as never }, /one of torchvision, .*; received "imagenet"/],
    [{ preset: 'toString' as never }, /received "toString"/],
    [{ size: 224 } as never, /only preset, resize, .*received "size"/],
    [{ resize: { width: 3 } as never }, /resize to have only/],
    [{ resize: 256 as never }, /resize to be an object; received 256/],
    [{ resize: { mode: 'longer-side' as never } }, /resize\.mode.*"longer-side"/],
    [{ resize: { mode: 'none', size: 3 } }, /neither resize\.size/],
    [{ resize: { size: 0 } }, /whole pixels.*received 0/],
    [{ resize: { size: 2.5 } }, /received 2\.5/],
    [{ resize: { size: Number.NaN } }, /whole pixels/],
    [{ resize: { size: 1e9 } }, /1 to 16384/],
    [{ resize: { size: [224, 256] } }, /received \[224,256\]/],
    [{ resize: { filter: 'lanczos' as never } }, /resize\.filter/],
    [{ crop: { mode: 'none', size: 3 } }, /no crop\.size/],
    [{ preset: 'squash', crop: { mode: 'center' } }, /crop\.size/],
    [{ crop: { size: [1, 2, 3] } }, /crop\.size/],
    [{ channels: 'gbr' as never }, /channels/],
    [{ mean: [0.5] }, /three numbers; received \[0\.5\]/],
    [{ mean: [0, 0, Number.NaN] }, /mean\[2\]/],
    [{ std: [1, 0, 1] }, /std\[1\] to be other than 0/],
    [{ std: [1, 1, 1e-60] }, /other than 0/],
    [{ divisor: 0 }, /divisor/],
    [{ divisor: '255' as never }, /divisor to be a finite number/],
  ])('%o is an OptionError', ([options, message]) => {
    expect(() => resolvePreprocessing(options)).toThrow(OptionError);
    expect(() => resolvePreprocessing(options)).toThrow(message);
  });
});

describe('withInputSize', () => {
  test('grows the shorter side in proportion, as torchvision does for Inception', () => {
    const { resize, crop } = withInputSize(presets.torchvision, { height: 299, width: 299 });
    expect(resize).toEqual({ mode: 'shorter-side', size: 342, filter: 'bilinear' });
    expect(crop).toEqual({ mode: 'center', size: [299, 299] });
  });

  test('squashes to the new size', () => {
    expect(withInputSize(presets['keras-tf'], { height: 96, width: 128 })).toEqual({
      ...presets['keras-tf'],
      resize: { mode: 'squash', size: [96, 128], filter: 'nearest' },
    });
  });

  test('keeps what has the size already', () => {
    for (const preset of Object.values(presets)) {
      expect(withInputSize(preset, { height: 224, width: 224 })).toEqual(preset);
    }
  });

  test('crops where every image had its own size', () => {
    const free = resolvePreprocessing({ resize: { mode: 'none' }, crop: { mode: 'none' } });
    expect(withInputSize(free, { height: 10, width: 20 }).crop).toEqual({ mode: 'center', size: [10, 20] });
  });

  test('refuses a size that is none', () => {
    expect(() => withInputSize(presets.torchvision, { height: 0, width: 1 })).toThrow(OptionError);
  });
});
