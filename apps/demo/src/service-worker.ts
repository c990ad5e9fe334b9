// A second visit works without a network: all files of one version are kept together, and a new version replaces the old one
// only when no page uses it any more.

/** What is used of a service worker's global scope; TypeScript's own types of it exclude those of a page. */
interface Scope {
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  addEventListener(
    type: 'install' | 'activate',
    listener: (event: { waitUntil(work: Promise<unknown>): void }) => void,
  ): void;
  addEventListener(
    type: 'fetch',
    listener: (event: { readonly request: Request; respondWith(response: Promise<Response>): void }) => void,
  ): void;
}

const scope = self as unknown as Scope;
/** Filled in by the build (build/offline.ts). */
const files = '__FILES__'.split('|');
const cacheName = 'hybridcam-demo-__VERSION__';

scope.addEventListener('install', (event) => {
  event.waitUntil(caches.open(cacheName).then((cache) => cache.addAll(files)));
});

scope.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) =>
        Promise.all(
          names
            .filter((name) => name.startsWith('hybridcam-demo-') && name !== cacheName)
            .map((name) => caches.delete(name)),
        ),
      )
      .then(() => scope.clients.claim()),
  );
});

scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || new URL(request.url).origin !== scope.location.origin) return;
  event.respondWith(answer(request));
});

async function answer(request: Request): Promise<Response> {
  const cache = await caches.open(cacheName);
  const known = await cache.match(request.mode === 'navigate' ? './' : request, {
    ignoreSearch: request.mode === 'navigate',
  });
  if (known) return known;
  const response = await fetch(request);
  if (response.ok && request.url.includes('/assets/')) await cache.put(request, response.clone());
  return response;
}
