import { fileURLToPath } from 'node:url';
import { brotliCompressSync } from 'node:zlib';
import { build } from 'vite';
import { describe, expect, it } from 'vitest';

const index = fileURLToPath(new URL('../src/index.ts', import.meta.url));

/** Brotli bytes of one minified module with these exports, core and fflate left outside. */
async function brotliBytes(names: string): Promise<number> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: 'entry',
        preserveEntrySignatures: 'strict',
        external: ['@hybridcam/core', 'fflate'],
      },
    },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry' ? id : null),
        load: (id) => (id === 'entry' ? `export ${names} from ${JSON.stringify(index)}` : null),
      },
    ],
  });
  const { output } = (Array.isArray(result) ? result[0]! : result) as { output: { code: string }[] };
  return brotliCompressSync(output[0]!.code).length;
}

describe('bundle size', () => {
  it('the whole package fits 16.5 kB of brotli, its font and colour maps included', async () => {
    expect(await brotliBytes('*')).toBeLessThan(16_500);
  });

  it('a picture of a map fits 12 kB: an overlay, which brings the letters of ASCII only, far below', async () => {
    expect(await brotliBytes('{ overlay, viridis, encodePng }')).toBeLessThan(6_500);
    expect(await brotliBytes('{ resultSheet, overlay, jet, encodePng }')).toBeLessThan(12_000);
  });

  it('a colour map, a file format or a chart alone brings nothing else', async () => {
    expect(await brotliBytes('{ jet }')).toBeLessThan(300);
    expect(await brotliBytes('{ viridis }')).toBeLessThan(500);
    expect(await brotliBytes('{ encodeNpy }')).toBeLessThan(500);
    expect(await brotliBytes('{ encodePng }')).toBeLessThan(1_500);
    expect(await brotliBytes('{ curveSvg }')).toBeLessThan(3_000);
  });
});
