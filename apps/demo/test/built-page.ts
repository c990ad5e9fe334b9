import { execFile } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { promisify } from 'node:util';

const demo = path.resolve(import.meta.dirname, '..');
export const builtFolder = path.join(demo, 'dist');

/** Builds the page for production unless the build is newer than everything it is made of. */
export async function ensureBuilt(): Promise<void> {
  const index = path.join(builtFolder, 'index.html');
  const packages = path.resolve(demo, '../../packages');
  const sources = [
    path.join(demo, 'index.html'),
    path.join(demo, 'vite.config.ts'),
    ...filesIn(path.join(demo, 'src')),
    ...filesIn(path.join(demo, 'build')),
    ...readdirSync(packages).flatMap((name) => filesIn(path.join(packages, name, 'src'))),
  ];
  const newest = Math.max(...sources.map((file) => statSync(file).mtimeMs));
  if (existsSync(index) && statSync(index).mtimeMs > newest) return;
  // A process of its own: in this one packages resolve to their sources, which the build's own plugins cannot load.
  const manifest = createRequire(import.meta.url).resolve('vite/package.json');
  const vite = path.join(path.dirname(manifest), 'bin/vite.js');
  const { NODE_OPTIONS: _, ...env } = process.env;
  await promisify(execFile)(process.execPath, [vite, 'build', '--logLevel', 'error'], {
    cwd: demo,
    env: { ...env, NODE_ENV: 'production' },
  });
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
