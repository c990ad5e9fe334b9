import { createHash } from 'node:crypto';
import { createServer } from 'node:http';

/**
 * The part of an npm registry that publishing and installing our packages needs, on this machine and in memory, so that both are
 * rehearsed with the real clients before anything is public. It knows nobody else's packages.
 * @returns {Promise<{ url: string, names: () => string[], close: () => Promise<void> }>}
 */
export async function localRegistry() {
  /** @type {Map<string, any>} */
  const documents = new Map();
  /** @type {Map<string, Buffer>} */
  const tarballs = new Map();

  const server = createServer(async (request, response) => {
    const location = decodeURIComponent(new URL(request.url ?? '/', url).pathname).slice(1);
    if (request.method === 'PUT') {
      const problem = publish(JSON.parse(await bodyOf(request)));
      response.writeHead(problem ? 409 : 201, { 'content-type': 'application/json' });
      response.end(JSON.stringify(problem ? { error: problem } : { ok: true }));
    } else if (tarballs.has(location)) {
      response.end(tarballs.get(location));
    } else if (documents.has(location)) {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(documents.get(location)));
    } else {
      response.writeHead(404, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ error: `no package ${location} here` }));
    }
  });

  /** @returns {string | undefined} why not, in the registry's words */
  function publish(document) {
    const known = documents.get(document.name) ?? { name: document.name, versions: {}, 'dist-tags': {} };
    for (const [version, manifest] of Object.entries(document.versions)) {
      if (known.versions[version]) return `cannot publish over the previously published version ${version}`;
      const [attachment] = Object.values(document._attachments);
      const bytes = Buffer.from(attachment.data, 'base64');
      const location = `${document.name}/-/${version}.tgz`;
      tarballs.set(location, bytes);
      const integrity = `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
      known.versions[version] = { ...manifest, dist: { tarball: `${url}${location}`, integrity } };
    }
    Object.assign(known['dist-tags'], document['dist-tags']);
    documents.set(document.name, known);
    return undefined;
  }

  await new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve(undefined));
  });
  const address = /** @type {import('node:net').AddressInfo} */ (server.address());
  const url = `http://127.0.0.1:${address.port}/`;
  return {
    url,
    names: () => [...documents.keys()],
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function bodyOf(request) {
  const parts = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
