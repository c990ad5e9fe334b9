import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runReadme } from '@hybridcam/test-utils';
import { expect, test } from 'vitest';

test('the README’s snippet runs on a picture in the current folder', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'hybridcam-readme-'));
  const before = process.cwd();
  copyFileSync(
    path.join(import.meta.dirname, 'fixtures/images/orientation-6.jpg'),
    path.join(folder, 'cat.jpg'),
  );
  process.chdir(folder);
  try {
    // Upright it is 37×53, and the middle of a centred crop is the middle of the picture: 18.5, 26.5.
    expect(await runReadme(import.meta.url)).toEqual(['1,3,224,224', '224 224', 'true true', '18.5 26.5']);
  } finally {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  }
});
