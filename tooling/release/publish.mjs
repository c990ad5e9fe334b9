import { command } from './command.mjs';

/**
 * Publishes tarballs in dependency order, so that whatever is installed meanwhile finds what it needs. A version that the registry has
 * already is passed over, so an interrupted release is finished by running it again.
 * @param {import('./published-packages.mjs').PublishedPackage[]} packages in dependency order
 * @param {Map<string, string>} tarballs
 * @param {{ registry: string, provenance: boolean, env?: NodeJS.ProcessEnv, report: (line: string) => void }} options
 */
export async function publish(packages, tarballs, { registry, provenance, env, report }) {
  for (const { name, manifest } of packages) {
    if (await isPublished(registry, name, manifest.version)) {
      report(`${name}@${manifest.version}: there already`);
      continue;
    }
    const args = ['publish', tarballs.get(name), '--access', 'public', '--registry', registry];
    if (provenance) args.push('--provenance');
    await command('npm', args, { env: env ?? process.env });
    report(`${name}@${manifest.version}: published`);
  }
}

/** @returns {Promise<boolean>} whether the registry has that version */
async function isPublished(registry, name, version) {
  const response = await fetch(new URL(name.replace('/', '%2f'), registry));
  if (response.status === 404) return false;
  if (!response.ok) throw new Error(`publish: ${registry} answered ${response.status} for ${name}.`);
  const document = /** @type {{ versions: Record<string, unknown> }} */ (await response.json());
  return version in document.versions;
}
