import type { Plugin } from 'vite';

/** What page and worker ask for one after the other: each waits for the one before, so that none of them would start early by itself. */
const needed: readonly RegExp[] = [
  /^assets\/worker-[^/]*\.js$/,
  /^assets\/ort\.wasm\.min-[^/]*\.js$/,
  /^assets\/ort-wasm-simd-threaded-[^/]*\.mjs$/,
  /^samples\/[^/]*-large\.webp$/,
  /^assets\/scenes-weights-[^/]*\.js$/,
  // Not ONNX Runtime's binary: the worker asks for it as soon as it runs, and here its 14 MB would compete with what the page shows first and
  // be taken in by the page's own thread.
];

/**
 * Tells the browser with the first answer what the network will need, instead of five answers later. They are then found in the
 * browser's cache, or their download is joined.
 */
export function preloads(): Plugin {
  return {
    name: 'hybridcam:preloads',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const page = bundle['index.html'];
        if (page?.type !== 'asset') this.error('preloads: expected index.html in the bundle.');
        const links = needed.map((file) => {
          const names = Object.keys(bundle).filter((name) => file.test(name));
          if (names.length !== 1)
            this.error(`preloads: expected one file ${file}; found ${names.join(', ') || 'none'}.`);
          return `<link rel="preload" as="fetch" crossorigin href="./${names[0]}" />`;
        });
        page.source = String(page.source).replace('</head>', `  ${links.join('\n    ')}\n  </head>`);
      },
    },
  };
}
