import { OptionError } from '@hybridcam/core';
import { expectClose } from '@hybridcam/test-utils';
import { describe, expect, it } from 'vitest';
import { baseline } from '../src/index.ts';
import { scipy } from './fixtures/scipy.ts';
import { map } from './toy-subject.ts';

describe('baseline', () => {
  it('rise-blur equals RISE’s own kernel and padding', () => {
    const { shape, input, output } = scipy.rise_blur;
    expectClose(baseline(map(input, shape), 'rise-blur').data, output, { absolute: 1e-6 });
  });

  it('heavy-blur keeps a constant image, because its borders reflect', () => {
    const result = baseline(map(new Array(3 * 13 * 9).fill(0.7), [3, 13, 9]), 'heavy-blur');
    expectClose(result.data, new Array(3 * 13 * 9).fill(0.7), { absolute: 1e-6 });
  });

  it('mean is each channel’s own mean, zero is zero, black is what the caller says', () => {
    const input = map([1, 3, 10, 30], [2, 1, 2]);
    expect([...baseline(input, 'mean').data]).toEqual([2, 2, 20, 20]);
    expect([...baseline(input, 'zero').data]).toEqual([0, 0, 0, 0]);
    expect([...baseline(input, 'black', { black: [-2, -3] }).data]).toEqual([-2, -2, -3, -3]);
    expect(() => baseline(input, 'black')).toThrow(OptionError);
  });

  it('noise depends on the seed alone', () => {
    const input = map(new Array(300).fill(0), [3, 10, 10]);
    const noise = baseline(input, 'noise', { seed: 4 }).data;
    expect(noise).toEqual(baseline(input, 'noise', { seed: 4 }).data);
    expect(noise).not.toEqual(baseline(input, 'noise', { seed: 5 }).data);
  });
});
