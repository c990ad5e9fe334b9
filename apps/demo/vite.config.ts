import { defaultClientConditions, defineConfig } from 'vite';
import { compressed } from './build/compressed.ts';
import { evaluated } from './build/evaluated.ts';
import { offline } from './build/offline.ts';
import { preloads } from './build/preloads.ts';
import { shippedSamples } from './build/shipped-samples.ts';

export default defineConfig({
  // Relative, so that the files work in any folder of any host.
  base: './',
  plugins: [
    evaluated(),
    shippedSamples(),
    // Before the list of files is made, which counts the page as it is then.
    preloads(),
    offline(),
    compressed(new URL('./.cache/compressed', import.meta.url).pathname),
  ],
  resolve: {
    conditions: ['@hybridcam/source', 'onnxruntime-web-use-extern-wasm', ...defaultClientConditions],
    alias: [
      // ndarray generates code, which our policy forbids; core has its own strided view for such places.
      { find: /^ndarray$/, replacement: new URL('./src/no-generated-code.ts', import.meta.url).pathname },
    ],
  },
  worker: {
    format: 'es',
    plugins: () => [evaluated()],
    rollupOptions: {
      output: {
        // Named apart, so that build/offline.ts keeps runtimes that few ask for out of everybody's cache.
        chunkFileNames: ({ moduleIds }) =>
          moduleIds.some((id) => /@tensorflow|packages\/tfjs|ort\.webgpu/.test(id))
            ? 'assets/on-demand-[name]-[hash].js'
            : 'assets/[name]-[hash].js',
      },
    },
  },
  build: {
    target: 'es2022',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 2000,
    rollupOptions: {
      input: { main: 'index.html', 'service-worker': 'src/service-worker.ts' },
      output: {
        entryFileNames: ({ name }) => (name === 'service-worker' ? '[name].js' : 'assets/[name]-[hash].js'),
      },
    },
  },
});
