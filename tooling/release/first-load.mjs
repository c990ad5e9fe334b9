import { brotliCompressSync } from 'node:zlib';
import { build } from 'esbuild';

/**
 * What a page downloads before an import can be used, minified and compressed with brotli: the entry and the chunks it imports at once,
 * without those that come when they are asked for.
 * @param {{ path: string, import: string, ignore?: string[] }} entry `path` absolute
 * @returns {Promise<{ first: number, later: number }>} bytes
 */
export async function firstLoad({ path, import: names, ignore = [] }) {
  const contents =
    names === '*'
      ? `export * from ${JSON.stringify(path)};`
      : `import ${names} from ${JSON.stringify(path)}; console.log(${names.replace(/^\{|\}$/g, '')});`;
  const { metafile, outputFiles } = await build({
    stdin: { contents, resolveDir: process.cwd(), sourcefile: 'entry.js' },
    bundle: true,
    splitting: true,
    format: 'esm',
    minify: true,
    write: false,
    metafile: true,
    outdir: 'out',
    external: ignore,
    logLevel: 'silent',
  });
  const sizeOf = (name) => {
    const file = outputFiles.find(({ path: written }) => written.replaceAll('\\', '/').endsWith(`/${name}`));
    return brotliCompressSync(file.contents).length;
  };
  const [entry] = Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === 'entry.js');
  const reached = new Set([entry]);
  // A set grows while it is walked.
  for (const name of reached) {
    for (const { path: chunk, kind, external } of metafile.outputs[name].imports)
      if (kind === 'import-statement' && !external) reached.add(chunk);
  }
  const all = Object.keys(metafile.outputs);
  const total = (chunks) => chunks.reduce((bytes, name) => bytes + sizeOf(name), 0);
  return { first: total([...reached]), later: total(all.filter((name) => !reached.has(name))) };
}
