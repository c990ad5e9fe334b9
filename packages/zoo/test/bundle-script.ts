import path from 'node:path';
import { build } from 'vite';

/** A script of these tests in one file that plain Node runs, in a process of its own. Returns its path in `outDir`. */
export async function bundleScript(script: string, outDir: string): Promise<string> {
  const name = `${path.basename(script, '.ts')}.mjs`;
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true, resolve: { conditions: ['@hybridcam/source', 'node'] } },
    build: {
      ssr: script,
      outDir,
      emptyOutDir: false,
      minify: false,
      rollupOptions: { output: { entryFileNames: name } },
    },
  });
  return path.join(outDir, name);
}
