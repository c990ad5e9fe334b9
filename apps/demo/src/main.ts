import { createApp } from './app.ts';

const app = createApp(location.hash);
// Not location's hash, which may have been written over since.
addEventListener('hashchange', ({ newURL }) => app.restore(new URL(newURL).hash));

// After everything else: the files of a second visit must not compete with the first result.
if ('serviceWorker' in navigator && import.meta.env.PROD) {
  app.ready.finally(() => navigator.serviceWorker.register('service-worker.js').catch(() => undefined));
}
