import { createApp } from './app.ts';
import { fromHash } from './state.ts';

const app = createApp(fromHash(location.hash));
addEventListener('hashchange', () => app.restore(fromHash(location.hash)));

// After everything else: the files of a second visit must not compete with the first result.
if ('serviceWorker' in navigator && import.meta.env.PROD) {
  app.ready.finally(() => navigator.serviceWorker.register('service-worker.js').catch(() => undefined));
}
