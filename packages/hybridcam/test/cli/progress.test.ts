import { describe, expect, it } from 'vitest';
import { createProgress } from '../../src/cli/progress.ts';

function stream(isTTY: boolean, columns = 20) {
  const written: string[] = [];
  return { isTTY, columns, written, write: (text: string) => written.push(text) };
}

describe('createProgress', () => {
  it('rewrites one line on a terminal and clears it for results', () => {
    const out = stream(true);
    const progress = createProgress(out, { quiet: false });
    progress.show('one');
    progress.show('two, longer than the terminal is wide');
    progress.clear();
    progress.clear();
    expect(out.written.join('')).toBe('one\r\u001b[2Ktwo, longer than t…\r\u001b[2K');
  });
  it('writes plain lines into a log, with escapes made harmless', () => {
    const out = stream(false);
    const progress = createProgress(out, { quiet: false });
    progress.show('a\u001b[2J');
    progress.clear();
    expect(out.written).toEqual(['a\\u{1b}[2J\n']);
  });
  it('says nothing when quiet', () => {
    const out = stream(true);
    createProgress(out, { quiet: true }).show('x');
    expect(out.written).toEqual([]);
  });
});
