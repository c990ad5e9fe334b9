import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runReadme } from '@hybridcam/test-utils';
import { expect, it, onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary-folder.ts';
import { TINY_LABELS, tinyModel } from './tiny-model.ts';
import { tinyPng } from './tiny-picture.ts';

it('the README’s snippet runs, prints what it says and writes the overlay', async () => {
  const folder = temporaryFolder();
  const before = process.cwd();
  onTestFinished(() => process.chdir(before));
  writeFileSync(join(folder, 'model.onnx'), tinyModel({ shape: ['N', 3, 'H', 'W'] }));
  writeFileSync(join(folder, 'labels.txt'), TINY_LABELS.join('\n'));
  writeFileSync(join(folder, 'cat.jpg'), tinyPng(300, 260));
  process.chdir(folder);
  expect(await runReadme(import.meta.url)).toEqual([expect.stringMatching(/^n\d{8}_[a-z]+ ok$/)]);
  expect(existsSync(join(folder, 'cat.png'))).toBe(true);
});
