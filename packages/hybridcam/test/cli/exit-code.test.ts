import {
  CamError,
  ClassNotFoundError,
  LayerNotFoundError,
  ModelFormatError,
  OptionError,
} from '@hybridcam/core';
import { describe, expect, it } from 'vitest';
import { errorFacts, errorText, exitCodeOf } from '../../src/cli/exit-code.ts';

describe('exitCodeOf', () => {
  it('is 2 for what was typed, 130 for Ctrl-C, 1 for everything else', () => {
    for (const error of [new OptionError('x'), new LayerNotFoundError('x'), new ClassNotFoundError('x')]) {
      expect(exitCodeOf(error)).toBe(2);
    }
    expect(exitCodeOf(new CamError('ABORTED', 'x'))).toBe(130);
    for (const error of [
      new ModelFormatError('x'),
      new CamError('NOT_FOUND', 'x'),
      new TypeError('x'),
      'x',
    ]) {
      expect(exitCodeOf(error)).toBe(1);
    }
  });
});

describe('errorText', () => {
  it('is one line without stack and without terminal escapes', () => {
    expect(errorText(new OptionError('alpha: bad\n  value \u001b[31m'), false)).toBe(
      'error: alpha: bad value \\u{1b}[31m\n',
    );
  });
  it('says that an untyped error is a bug, and shows its stack only on request', () => {
    expect(errorText(new TypeError('oops'), false)).toMatch(/^error: oops This is a bug.*\n$/);
    expect(errorText(new TypeError('oops'), true)).toMatch(/\n\s+at /);
    expect(errorFacts(new TypeError('oops')).code).toBe('UNEXPECTED');
  });
});
