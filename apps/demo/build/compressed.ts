import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { Plugin } from 'vite';

const compressible = /\.(html|js|mjs|css|json|wasm)$/;
/** Below this the headers weigh more than what is saved. */
const leastBytes = 1024;
/** Nine is a tenth of the time of eleven and a sixth larger, on ONNX Runtime's 14 MB. */
const brotliQuality = 9;

const formats: readonly { readonly extension: string; compress(bytes: Uint8Array): Promise<Uint8Array> }[] = [
  {
    extension: '.br',
    compress: (bytes) =>
      promisify(brotliCompress)(bytes, {
        params: {
          [constants.BROTLI_PARAM_QUALITY]: brotliQuality,
          [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
          [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
        },
      }),
  },
  { extension: '.gz', compress: (bytes) => promisify(gzip)(bytes, { level: 9 }) },
];

/**
 * Writes `.br` and `.gz` beside every file that is worth it, for servers that send what is prepared (serve.mjs, nginx' `gzip_static`):
 * ONNX Runtime goes from 14 MB to under 3. The runtimes change seldom and take long, so results are kept by content in
 * `cacheFolder`.
 */
export function compressed(cacheFolder: string): Plugin {
  return {
    name: 'hybridcam:compressed',
    apply: 'build',
    enforce: 'post',
    async writeBundle({ dir }) {
      await mkdir(cacheFolder, { recursive: true });
      const names = (await readdir(dir!, { recursive: true })).filter((name) => compressible.test(name));
      await Promise.all(names.map((name) => compressFile(path.join(dir!, name), cacheFolder)));
    },
  };
}

async function compressFile(file: string, cacheFolder: string): Promise<void> {
  const bytes = await readFile(file);
  if (bytes.length < leastBytes) return;
  const key = createHash('sha256').update(bytes).digest('hex').slice(0, 32);
  for (const { extension, compress } of formats) {
    const kept = path.join(cacheFolder, `${key}${extension}`);
    if (!existsSync(kept)) {
      // In one step: a build that is ended in the middle must not leave half a file for the next.
      const partial = `${kept}.${process.pid}-${path.basename(file)}`;
      await writeFile(partial, await compress(bytes));
      await rename(partial, kept);
    }
    await copyFile(kept, `${file}${extension}`);
  }
}
