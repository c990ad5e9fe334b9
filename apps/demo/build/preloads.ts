import type { Plugin } from 'vite';

/** In the order in which the worker asks for them; each waits for the one before, so that none of them would start early by itself. */
const needed: readonly { readonly file: RegExp; readonly priority?: 'low' }[] = [
  { file: /^assets\/worker-[^/]*\.js$/ },
  { file: /^assets\/ort\.wasm\.min-[^/]*\.js$/ },
  { file: /^assets\/ort-wasm-simd-threaded-[^/]*\.mjs$/ },
  { file: /^assets\/scenes-weights-[^/]*\.js$/ },
  // Two and a half megabytes as sent: they must not hold up the page's own script and style.
  { file: /^assets\/ort-wasm-simd-threaded-[^/]*\.wasm$/, priority: 'low' },
];

/**
 * Tells the browser with the first answer what the network will need, instead of five answers later. The worker then finds the files
 * in the browser's cache, or joins the download.
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
        const links = needed.map(({ file, priority }) => {
          const names = Object.keys(bundle).filter((name) => file.test(name));
          if (names.length !== 1)
            this.error(`preloads: expected one file ${file}; found ${names.join(', ') || 'none'}.`);
          return `<link rel="preload" as="fetch" crossorigin${priority ? ` fetchpriority="${priority}"` : ''} href="./${names[0]}" />`;
        });
        page.source = String(page.source).replace('</head>', `  ${links.join('\n    ')}\n  </head>`);
      },
    },
  };
}
