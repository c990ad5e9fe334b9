import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { jsonLine, plainText } from '../../src/cli/plain-text.ts';

describe('plainText', () => {
  it('shows escapes and direction marks instead of obeying them', () => {
    expect(plainText('a\u001b[31mred\u0007.jpg')).toBe('a\\u{1b}[31mred\\u{7}.jpg');
    expect(plainText('evil\u202egpj.exe')).toBe('evil\\u{202e}gpj.exe');
    expect(plainText('two\nlines')).toBe('two lines');
    expect(plainText('Übermut 図 🐈')).toBe('Übermut 図 🐈');
  });
});

describe('jsonLine', () => {
  it('is one line without control characters, and parses back to the same text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const line = jsonLine({ text });
        // biome-ignore lint/suspicious/noControlCharactersInRegex: the property tested
        expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
        expect(JSON.parse(line)).toEqual({ text });
      }),
    );
  });
});
