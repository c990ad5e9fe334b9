import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/**
 * @typedef {object} PublishedPackage
 * @property {string} name
 * @property {string} folder absolute
 * @property {any} manifest its package.json
 */

/**
 * Every package that goes to the registry, each after those of ours it depends on: the order of publishing.
 * @param {string} root of the repository
 * @returns {PublishedPackage[]}
 */
export function publishedPackages(root) {
  const all = readdirSync(path.join(root, 'packages'), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => {
      const folder = path.join(root, 'packages', name);
      const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
      return { name: manifest.name, folder, manifest };
    })
    .filter(({ manifest }) => !manifest.private);
  const ordered = [];
  const place = (entry, dependents) => {
    if (ordered.includes(entry)) return;
    if (dependents.includes(entry)) throw new Error(`publishedPackages: ${entry.name} depends on itself.`);
    for (const name of Object.keys({ ...entry.manifest.dependencies, ...entry.manifest.peerDependencies })) {
      const sibling = all.find((candidate) => candidate.name === name);
      if (sibling) place(sibling, [...dependents, entry]);
    }
    ordered.push(entry);
  };
  for (const entry of all) place(entry, []);
  return ordered;
}
