import { chmodSync, existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { assertWritableFolder } from '../src/assert-writable-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

const isRoot = process.getuid?.() === 0;

describe('assertWritableFolder', () => {
  it('makes the folder and leaves it empty', async () => {
    const folder = join(temporaryFolder(), 'deep', 'er');
    await assertWritableFolder(folder);
    expect(readdirSync(folder)).toEqual([]);
  });
  it('refuses a file in place of a folder', async () => {
    const file = join(temporaryFolder(), 'f');
    writeFileSync(file, '');
    await expect(assertWritableFolder(file)).rejects.toMatchObject({ code: 'IO' });
    await expect(assertWritableFolder(join(file, 'below'))).rejects.toThrow(/part of the path is a file/);
  });
  it.skipIf(isRoot)('refuses a folder without write permission', async () => {
    const folder = temporaryFolder();
    chmodSync(folder, 0o555);
    await expect(assertWritableFolder(folder)).rejects.toThrow(/permission denied/);
    expect(existsSync(folder)).toBe(true);
  });
});
