import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeFolder } from '../src/make-folder.ts';
import { temporaryFolder } from './temporary-folder.ts';

describe('makeFolder', () => {
  it('makes every folder on the way, also when several ask at once', async () => {
    const folder = join(temporaryFolder(), 'a', 'b', 'c');
    await Promise.all([makeFolder(folder), makeFolder(folder), makeFolder(join(folder, 'd'))]);
    expect(statSync(join(folder, 'd')).isDirectory()).toBe(true);
  });

  it('leaves a folder that is there as it is', async () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'kept'), '');
    await makeFolder(join(folder, 'a'));
    expect(existsSync(join(folder, 'a', 'kept'))).toBe(true);
  });

  it('fails below a file', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'file'), '');
    await expect(makeFolder(join(folder, 'file', 'a'))).rejects.toMatchObject({ code: 'ENOTDIR' });
  });

  // Node's own `recursive` never returns here.
  it.skipIf(!existsSync('/proc/self'))('fails where the system makes no folders', async () => {
    await expect(makeFolder('/proc/hybridcam/a')).rejects.toMatchObject({ code: 'ENOENT' });
  });
});
