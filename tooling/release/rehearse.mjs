import path from 'node:path';
import { command } from './command.mjs';

/**
 * The release of the last commit in a clone: versions, changelogs, build, public surface and dry run, so that what a release changes cannot
 * break it. The working tree is left alone.
 * @param {string} root of the repository
 * @param {string} scratch an existing folder
 */
export async function rehearse(root, scratch) {
  const clone = path.join(scratch, 'rehearsal');
  await command('git', ['clone', '--quiet', root, clone], { cwd: scratch });
  const inClone = (program, ...args) => command(program, args, { cwd: clone });
  await inClone('pnpm', 'install', '--frozen-lockfile', '--prefer-offline', '--ignore-scripts');
  await inClone('pnpm', 'version-packages');
  await inClone('git', 'add', '--all');
  const author = ['-c', 'user.name=rehearsal', '-c', 'user.email=rehearsal@localhost'];
  // Where no changeset waits, on the release's own commit above all, there is nothing new to commit.
  await inClone('git', ...author, 'commit', '--quiet', '--allow-empty', '--message', 'Version');
  await inClone('pnpm', 'exec', 'turbo', 'run', 'build', '--filter=./packages/*');
  await inClone('pnpm', 'api:check');
  // Provenance is what only the hosted job can give.
  await inClone('pnpm', 'release', '--dry-run', '--no-provenance');
}
