import { RefusedByServer } from '../download/receive.ts';
import type { Transport } from '../download/transport.ts';

/** The browser's fetch, without credentials or referrer. Redirects are the browser's; an answer that did not come over https is refused. */
export const fetchTransport: Transport = async (url, { from, signal }) => {
  const first = new URL(url, location.href);
  if (!isTrusted(first)) throw new RefusedByServer(`the address is not https: (${first.origin})`);
  const response = await fetch(first, {
    headers: from > 0 ? { range: `bytes=${from}-` } : {},
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
    cache: 'no-store',
    signal,
  });
  if (!isTrusted(new URL(response.url || first))) {
    await response.body?.cancel();
    throw new RefusedByServer(`the answer came from ${new URL(response.url).origin}, which is not https`);
  }
  return {
    status: response.status,
    header: (name) => response.headers.get(name) ?? undefined,
    body: chunks(response.body),
  };
};

function isTrusted(url: URL): boolean {
  return url.protocol === 'https:' || ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}

/** Not every browser's streams are async iterable. */
async function* chunks(body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  const reader = body?.getReader();
  if (reader === undefined) return;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    await reader.cancel().catch(() => {});
  }
}
