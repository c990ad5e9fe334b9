import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions } from 'vite';

const entry = '\0entry';

/** What a page that imports this much of the package would ship: one minified module, `ndarray` and what loads on demand included. */
export async function bundle(source: string): Promise<string> {
  const result = await build({
    configFile: false,
    logLevel: 'silent',
    root: fileURLToPath(new URL('..', import.meta.url)),
    resolve: { conditions: ['@hybridcam/source', ...defaultClientConditions] },
    build: {
      write: false,
      minify: true,
      target: 'es2022',
      modulePreload: false,
      rolldownOptions: {
        input: 'entry',
        preserveEntrySignatures: 'strict',
        // Chunks would leave out of the count what they share.
        output: { codeSplitting: false },
      },
    },
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id.endsWith('entry') && !id.includes('node_modules') ? entry : null),
        load: (id) => (id === entry ? source.replaceAll('@hybridcam/core', index) : null),
      },
    ],
  });
  const output = (Array.isArray(result) ? result[0]! : result) as { output: { code: string }[] };
  return output.output[0]!.code;
}

const index = fileURLToPath(new URL('../src/index.ts', import.meta.url));
