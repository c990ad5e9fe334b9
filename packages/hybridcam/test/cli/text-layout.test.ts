import { describe, expect, it } from 'vitest';
import { bar, displayWidth, fit, wrap } from '../../src/cli/text-layout.ts';

describe('displayWidth', () => {
  it('counts columns, not code units', () => {
    expect(displayWidth('cat')).toBe(3);
    expect(displayWidth('図形')).toBe(4);
    expect(displayWidth('e\u0301')).toBe(1);
    expect(displayWidth('🐈')).toBe(2);
  });
});

describe('fit', () => {
  it('fills or cuts to the width', () => {
    expect(fit('cat', 5)).toBe('cat  ');
    expect(fit('tiger cat', 6)).toBe('tiger…');
    expect(displayWidth(fit('図形図形', 4))).toBe(4);
  });
});

describe('wrap', () => {
  it('breaks at spaces and indents the following lines', () => {
    expect(wrap('one two three', 8, '  ')).toBe('one two\n  three');
    expect(wrap('unbreakableword', 4)).toBe('unbreakableword');
  });
});

describe('bar', () => {
  it('is proportional in eighths, never longer than its columns, and shows a trace of anything', () => {
    expect(bar(1, 4)).toBe('████');
    expect(bar(0.5, 4)).toBe('██');
    expect(bar(0.53, 4)).toBe('██▏');
    expect(bar(0, 4)).toBe('');
    expect(bar(1e-9, 4)).toBe('▏');
    expect(bar(2, 4)).toBe('████');
  });
});
