import { createHash } from 'node:crypto';
import type { Plugin } from 'vite';

/** Fetched when first asked for, and kept then: too large for visitors who never do. */
const onDemand = /asyncify|tfjs-backend|on-demand/;

/** Fills the service worker with the list of files that make a second visit work without a network, and their version. */
export function offline(): Plugin {
  return {
    name: 'hybridcam:offline',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        const worker = bundle['service-worker.js'];
        if (worker?.type !== 'chunk') this.error('offline: expected service-worker.js in the bundle.');
        const hash = createHash('sha256');
        const files: string[] = [];
        for (const [name, file] of Object.entries(bundle).sort(([a], [b]) => (a < b ? -1 : 1))) {
          if (file === worker || name.endsWith('.map')) continue;
          hash.update(name).update(file.type === 'chunk' ? file.code : file.source);
          if (!onDemand.test(name)) files.push(name === 'index.html' ? './' : name);
        }
        worker.code = worker.code
          .replace('__FILES__', () => files.map((name) => encodeURI(name)).join('|'))
          .replace('__VERSION__', () => hash.digest('hex').slice(0, 12));
      },
    },
  };
}
