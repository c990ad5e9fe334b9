import { createServer, defaultServerConditions } from 'vite';

/** Calls `use` with a function that imports modules of packages/tfjs from source, as its tests do. */
export async function withTestSources(use) {
  const conditions = ['@hybridcam/source', ...defaultServerConditions];
  const server = await createServer({
    root: new URL('../../../packages/tfjs', import.meta.url).pathname,
    configFile: false,
    logLevel: 'error',
    appType: 'custom',
    server: { middlewareMode: true, watch: null, ws: false },
    resolve: { conditions },
    ssr: { resolve: { conditions, externalConditions: conditions } },
  });
  try {
    await use((path) => server.ssrLoadModule(path));
  } finally {
    await server.close();
  }
}
