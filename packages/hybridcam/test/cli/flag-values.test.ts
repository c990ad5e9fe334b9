import { OptionError } from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import {
  channelValues,
  choiceValue,
  countValue,
  listValue,
  numberValue,
  sizeValue,
} from '../../src/cli/flag-values.ts';

describe('listValue', () => {
  it('splits at commas and refuses gaps and repeats', () => {
    expect(listValue('--method', 'hybrid, grad-cam')).toEqual(['hybrid', 'grad-cam']);
    expect(() => listValue('--method', 'a,,b')).toThrow(OptionError);
    expect(() => listValue('--method', '')).toThrow(OptionError);
    expect(() => listValue('--method', 'a,b,a')).toThrow(/"a" twice/);
  });
});

describe('choiceValue', () => {
  it('suggests the nearest name, else lists all', () => {
    expect(choiceValue('--normalize', 'max', ['max', 'minmax', 'none'])).toBe('max');
    expect(() => choiceValue('--normalize', 'minmx', ['max', 'minmax', 'none'])).toThrow(
      /Did you mean "minmax"/,
    );
    expect(() => choiceValue('--normalize', 'xyzzy', ['max', 'minmax'])).toThrow(
      /one of max, minmax; received "xyzzy"\.$/,
    );
  });
});

describe('numberValue', () => {
  it('takes plain decimals inside the range only', () => {
    const unit = { min: 0, max: 1 };
    expect(
      ['0', '.5', '0.70', '1', '1e-3', '+0.1'].map((text) => numberValue('--alpha', text, unit)),
    ).toEqual([0, 0.5, 0.7, 1, 0.001, 0.1]);
    expect(Object.is(numberValue('--alpha', '-0', unit), 0)).toBe(true);
    for (const bad of ['1.0001', '-0.1', 'NaN', 'Infinity', '0x1', '', '1,5', 'half']) {
      expect(() => numberValue('--alpha', bad, unit), bad).toThrow(/from 0 to 1/);
    }
  });
});

describe('countValue', () => {
  it('takes whole numbers from its minimum', () => {
    expect(countValue('--limit', '12')).toBe(12);
    for (const bad of ['0', '-1', '1.5', '1e3', 'x', '9999999999']) {
      expect(() => countValue('--limit', bad), bad).toThrow(/whole number/);
    }
  });
});

describe('channelValues', () => {
  it('takes three numbers, positive ones where asked', () => {
    expect(channelValues('--mean', '0.5, -1,2', 'any')).toEqual([0.5, -1, 2]);
    for (const bad of ['0.5', '1,2', '1,2,3,4', '1,2,x', '1,,2']) {
      expect(() => channelValues('--mean', bad, 'any'), bad).toThrow(/three numbers/);
    }
    expect(() => channelValues('--std', '1,0,1', 'positive')).toThrow(/three positive numbers/);
  });
});

describe('sizeValue', () => {
  it('takes height and width, or one number for both', () => {
    expect(sizeValue('--size', '224x192')).toEqual([224, 192]);
    expect(sizeValue('--size', '7×5')).toEqual([7, 5]);
    expect(sizeValue('--size', '224')).toEqual([224, 224]);
    for (const bad of ['0x3', '224x', 'x224', '1.5', '-3', '1x2x3', '123456']) {
      expect(() => sizeValue('--size', bad), bad).toThrow(/--size: expected HEIGHTxWIDTH/);
    }
  });
});
