import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWholeFile } from '../src/write-whole-file.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('writeWholeFile', () => {
  it('makes the folders, replaces an old file and leaves nothing else behind', async () => {
    const folder = join(temporaryFolder(), 'a', 'b');
    await writeWholeFile(join(folder, 'x.txt'), 'one');
    await writeWholeFile(join(folder, 'x.txt'), new TextEncoder().encode('two'));
    expect(readFileSync(join(folder, 'x.txt'), 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['x.txt']);
  });
  it('fails with IO, naming the path, and without a leftover where a folder is in the way', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'x.txt'));
    await expect(writeWholeFile(join(folder, 'x.txt'), 'one')).rejects.toMatchObject({
      code: 'IO',
      message: expect.stringMatching(/x\.txt.*folder/),
    });
    expect(readdirSync(folder)).toEqual(['x.txt']);
  });
});
