import { mkdirSync, readdirSync, renameSync } from 'node:fs';
import path from 'node:path';
import { command } from './command.mjs';

/**
 * Packs packages as they would be published: `workspace:` ranges replaced by versions, the licence added.
 * @param {import('./published-packages.mjs').PublishedPackage[]} packages
 * @param {string} folder where the tarballs go
 * @returns {Promise<Map<string, string>>} name to the tarball's path
 */
export async function pack(packages, folder) {
  const tarballs = new Map();
  for (const { name, folder: source } of packages) {
    const own = path.join(folder, 'packing');
    mkdirSync(own, { recursive: true });
    await command('pnpm', ['pack', '--pack-destination', own], { cwd: source });
    const [file] = readdirSync(own);
    renameSync(path.join(own, file), path.join(folder, file));
    tarballs.set(name, path.join(folder, file));
  }
  return tarballs;
}
