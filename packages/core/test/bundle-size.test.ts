import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { explain as explainType } from '../src/index.ts';
import { bundle, firstChunks } from './bundle.ts';
import { toyInput, toyModel } from './toy-model.ts';

async function brotliBytes(source: string): Promise<number> {
  return brotliCompressSync(await bundle(source)).length;
}

/** `ndarray` and the views: what any use of the package costs. */
const floor = () => brotliBytes(`export { pack, view } from '@hybridcam/core';`);

describe('bundle size', () => {
  it('the whole package fits 27 kB of brotli, ndarray and every citation included', async () => {
    expect(await brotliBytes(`export * from '@hybridcam/core';`)).toBeLessThan(27_000);
  });

  it('explain with every method fits 18 kB beyond the views, without the texts of methods and statuses', async () => {
    const code = await bundle(`export { explain } from '@hybridcam/core';`);
    expect(brotliCompressSync(code).length - (await floor())).toBeLessThan(18_000);
    expect(code).not.toContain('inproceedings');
    expect(code).not.toContain('The map varies');
  });

  it('a page that explains with the hybrid loads 6 kB beyond the views and no other method, and needs no more', async () => {
    const chunks = await firstChunks(`export { explain } from '@hybridcam/core';`);
    const code = chunks.map((chunk) => chunk.code).join('');
    expect(code).toContain('layerCam');
    for (const other of ['xGradCam', 'rise', 'evidenceLedger', 'guided-grad-cam', 'Did you mean']) {
      expect(code).not.toContain(other);
    }
    const sizes = chunks.map((chunk) => brotliCompressSync(chunk.code).length);
    expect(sizes.reduce((sum, size) => sum + size, 0) - (await floor())).toBeLessThan(6_000);

    const folder = await mkdtemp(path.join(tmpdir(), 'first-chunks-'));
    try {
      for (const { fileName, code } of chunks) {
        await mkdir(path.dirname(path.join(folder, fileName)), { recursive: true });
        await writeFile(path.join(folder, fileName), code);
      }
      const entry = path.join(folder, chunks[0]!.fileName);
      const { explain } = (await import(/* @vite-ignore */ pathToFileURL(entry).href)) as {
        explain: typeof explainType;
      };
      const { status, saliencyMap } = await explain(toyModel(), toyInput(), { method: 'hybrid' });
      expect(status).toBe('ok');
      expect(saliencyMap.shape).toEqual([4, 4]);
      await expect(explain(toyModel(), toyInput(), { method: 'rise' })).rejects.toThrow();
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('one method costs less than 2 kB beyond the views and carries no other', async () => {
    const code = await bundle(`export { gradCam } from '@hybridcam/core';`);
    expect(brotliCompressSync(code).length - (await floor())).toBeLessThan(2_000);
    expect(code).not.toContain('layerCam');
  });
});
