import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collectImages } from '../../src/cli/collect-images.ts';
import { temporaryFolder } from '../temporary-folder.ts';

describe('collectImages', () => {
  it('takes the pictures of a folder in sorted order, and nothing hidden, nested or of another kind', async () => {
    const folder = temporaryFolder();
    for (const name of ['b.JPEG', 'a.png', 'c.webp', 'B.jpg', '._a.png', 'notes.txt'])
      writeFileSync(join(folder, name), '');
    mkdirSync(join(folder, 'd.jpg'));
    const entries = await collectImages([folder]);
    expect(entries.map((entry) => entry.path)).toEqual(
      ['B.jpg', 'a.png', 'b.JPEG', 'c.webp'].map((n) => join(folder, n)),
    );
  });
  it('takes a named file whatever its extension, and takes it once', async () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'photo.img'), '');
    writeFileSync(join(folder, 'a.png'), '');
    const paths = [join(folder, 'photo.img'), folder, join(folder, '.', 'a.png')];
    expect((await collectImages(paths)).map((entry) => entry.path)).toEqual([
      join(folder, 'photo.img'),
      join(folder, 'a.png'),
    ]);
  });
  it('gives an error for an empty folder and a missing path, in their places', async () => {
    const folder = temporaryFolder();
    const [empty, missing] = await collectImages([folder, join(folder, 'none.jpg')]);
    expect(empty?.error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('has none') });
    expect(missing?.error).toMatchObject({ code: 'NOT_FOUND', message: expect.stringContaining('none.jpg') });
  });
  it('stops when aborted', async () => {
    await expect(collectImages(['x'], AbortSignal.abort())).rejects.toMatchObject({ code: 'ABORTED' });
  });
});
