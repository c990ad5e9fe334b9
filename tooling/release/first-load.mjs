import { brotliCompressSync } from 'node:zlib';
import { rolldown } from 'rolldown';

/**
 * What a page downloads before an import can be used, minified and compressed with brotli: the entry and the chunks it imports at once,
 * without those that come when they are asked for. Bundled as Vite does (Rolldown), which puts a module only into chunks that use it;
 * esbuild puts all that a package's index mentions into the first load.
 * @param {{ path: string, import: string, ignore?: string[] }} entry `path` absolute
 * @returns {Promise<{ first: number, later: number }>} bytes
 */
export async function firstLoad({ path, import: names, ignore = [] }) {
  const from = JSON.stringify(path);
  const source =
    names === '*'
      ? `export * from ${from};`
      : `import ${names} from ${from}; console.log(${names.replace(/^\{|\}$/g, '')});`;
  const bundle = await rolldown({
    input: 'entry.js',
    external: ignore,
    platform: 'browser',
    logLevel: 'silent',
    plugins: [
      {
        name: 'entry',
        resolveId: (id) => (id === 'entry.js' ? '\0entry.js' : null),
        load: (id) => (id === '\0entry.js' ? source : null),
      },
    ],
  });
  const { output } = await bundle.generate({ format: 'esm', minify: true });
  await bundle.close();
  const chunks = new Map(output.map((chunk) => [chunk.fileName, chunk]));
  const reached = new Set(output.filter(({ isEntry }) => isEntry).map(({ fileName }) => fileName));
  // A set grows while it is walked.
  for (const name of reached) {
    for (const imported of chunks.get(name).imports) if (chunks.has(imported)) reached.add(imported);
  }
  const total = (names) =>
    names.reduce((bytes, name) => bytes + brotliCompressSync(chunks.get(name).code).length, 0);
  return {
    first: total([...reached]),
    later: total([...chunks.keys()].filter((name) => !reached.has(name))),
  };
}
