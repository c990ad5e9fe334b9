import { brotliCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { bundle } from './bundle.ts';

async function brotliBytes(source: string): Promise<number> {
  return brotliCompressSync(await bundle(source)).length;
}

/** `ndarray` and the views: what any use of the package costs. */
const floor = () => brotliBytes(`export { pack, view } from '@hybridcam/core';`);

describe('bundle size', () => {
  it('the whole package fits 25 kB of brotli, ndarray and every citation included', async () => {
    expect(await brotliBytes(`export * from '@hybridcam/core';`)).toBeLessThan(25_000);
  });

  it('explain with every method fits 15 kB beyond the views, without the texts of methods and statuses', async () => {
    const code = await bundle(`export { explain } from '@hybridcam/core';`);
    expect(brotliCompressSync(code).length - (await floor())).toBeLessThan(15_000);
    expect(code).not.toContain('inproceedings');
    expect(code).not.toContain('The map varies');
  });

  it('one method costs less than 2 kB beyond the views and carries no other', async () => {
    const code = await bundle(`export { gradCam } from '@hybridcam/core';`);
    expect(brotliCompressSync(code).length - (await floor())).toBeLessThan(2_000);
    expect(code).not.toContain('layerCam');
  });
});
