import { describe, expect, it } from 'vitest';
import { distinctPaths } from '../../src/cli/explain/distinct-paths.ts';

describe('distinctPaths', () => {
  it('takes the file name alone where no other has it, and folders as far as they tell files apart', () => {
    expect(distinctPaths(['/p/a/x.jpg', '/p/b/x.jpg', '/p/b/y.jpg'])).toEqual([
      'a/x.jpg',
      'b/x.jpg',
      'y.jpg',
    ]);
    expect(distinctPaths(['a/c/x.jpg', 'b/c/x.jpg'])).toEqual(['a/c/x.jpg', 'b/c/x.jpg']);
    expect(distinctPaths(['a\\x.jpg', 'b\\x.jpg'])).toEqual(['a/x.jpg', 'b/x.jpg']);
  });
  it('tells a file from one of the same name in a folder below', () => {
    expect(distinctPaths(['x.jpg', 'a/x.jpg'])).toEqual(['x.jpg', 'a/x.jpg']);
  });
  it('keeps the file name of one picture given twice', () => {
    expect(distinctPaths(['a/x.jpg', 'a/x.jpg'])).toEqual(['x.jpg', 'x.jpg']);
  });
});
