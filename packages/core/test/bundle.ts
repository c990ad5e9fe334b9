import { fileURLToPath } from 'node:url';
import { build, defaultClientConditions } from 'vite';

const entry = '\0entry';

/** What a page that imports this much of the package would ship: one minified module, `ndarray` and what loads on demand included. */
export async function bundle(source: string): Promise<string> {
  const [chunk] = await chunksOf(source, false);
  return chunk!.code;
}

interface Chunk {
  readonly fileName: string;
  readonly code: string;
  readonly isEntry: boolean;
  /** Names of the chunks that come with it. */
  readonly imports: readonly string[];
}

/** The same in chunks: those that a page loads at once, the entry first. */
export async function firstChunks(source: string): Promise<readonly Chunk[]> {
  const chunks = await chunksOf(source, true);
  const first = new Set(chunks.filter(({ isEntry }) => isEntry));
  // A set grows while it is walked.
  for (const { imports } of first) {
    for (const chunk of chunks) if (imports.includes(chunk.fileName)) first.add(chunk);
  }
  return [...first];
}

async function chunksOf(source: string, codeSplitting: boolean): Promise<readonly Chunk[]> {
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
        output: { codeSplitting },
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
  return ((Array.isArray(result) ? result[0]! : result) as { output: Chunk[] }).output;
}

const index = fileURLToPath(new URL('../src/index.ts', import.meta.url));
