import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { measureText, wrapText } from '../../src/index.ts';

describe('wrapText', () => {
  it('breaks at spaces and line breaks', () => {
    expect(wrapText('golden retriever', 16, measureText('golden retr', 16))).toEqual(['golden', 'retriever']);
    expect(wrapText('a\nb', 16, 1000)).toEqual(['a', 'b']);
  });

  it('breaks long names after their separators', () => {
    expect(wrapText('layers.51/Clip_output_0', 16, measureText('layers.51/Clip_', 16))).toEqual([
      'layers.51/Clip_',
      'output_0',
    ]);
  });

  it('ends in an ellipsis where lines run out', () => {
    const lines = wrapText('one two three four five six', 16, measureText('three', 16) + 10, 2);
    expect(lines).toHaveLength(2);
    expect(lines[1]).toMatch(/…$/);
  });

  it('never loses a character and never exceeds the width, unless one character does', () => {
    const texts = fc
      .array(fc.constantFrom('a', 'W', ' ', '-', 'é', '猫', '9', '\n'))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(texts, fc.integer({ min: 1, max: 200 }), (text, width) => {
        const lines = wrapText(text, 16, width);
        expect(lines.join('').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''));
        for (const line of lines) expect(measureText(line, 16) <= width || [...line].length <= 1).toBe(true);
      }),
    );
  });

  it('keeps a number and its no-break unit on one line', () => {
    const unit = '32.2\u00a0%';
    expect(wrapText(`Egyptian cat ${unit}`, 16, measureText('Egyptian cat 32.2', 16) + 1)).toEqual([
      'Egyptian cat',
      unit,
    ]);
  });
});
