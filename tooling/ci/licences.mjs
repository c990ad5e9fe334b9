// `pnpm check:licences`: fails where a package that ours need at run time has a licence that nobody has looked at, and where
// THIRD_PARTY_NOTICES.md does not name each package that ours depend on once.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Licences under which others may use what they install with us. */
const PERMISSIVE = ['MIT', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', '0BSD', 'CC0-1.0'];
/** Looked at one by one; THIRD_PARTY_NOTICES.md says why they are all right. */
const KNOWN = [{ licence: 'LGPL-3.0-or-later', name: /^@img\/sharp-libvips-/ }];

const listed = JSON.parse(
  execFileSync('pnpm', ['-r', 'licenses', 'list', '--prod', '--json'], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  }),
);
const permitted = (licence) =>
  PERMISSIVE.includes(licence) ||
  licence
    .replace(/[()]/g, '')
    .split(' AND ')
    .every((part) => part.split(' OR ').some((one) => PERMISSIVE.includes(one)));
const unknown = Object.entries(listed).flatMap(([licence, packages]) =>
  packages
    .filter(
      ({ name }) =>
        !permitted(licence) && !KNOWN.some((known) => known.licence === licence && known.name.test(name)),
    )
    .map(({ name }) => `${name}: ${licence}`),
);
const count = Object.values(listed).flat().length;
if (count === 0) throw new Error('licences: pnpm listed no package; run `pnpm install` first.');
if (unknown.length > 0) {
  console.error(`Licences that nobody has looked at (tooling/ci/licences.mjs):\n  ${unknown.join('\n  ')}`);
  process.exitCode = 1;
} else console.log(`${count} packages at run time, all under licences we know.`);

const root = path.resolve(import.meta.dirname, '../..');
const notices = readFileSync(path.join(root, 'THIRD_PARTY_NOTICES.md'), 'utf8');
/** The first column of the table, in which a bracket explains. */
const named = [...notices.matchAll(/^\| ([^|]+) \|/gm)].flatMap(([, cell]) =>
  cell
    .replace(/\([^)]*\)/g, '')
    .split(',')
    .map((name) => name.trim()),
);
const needed = new Set(
  ['packages', 'apps'].flatMap((group) =>
    readdirSync(path.join(root, group))
      .map((name) => path.join(root, group, name, 'package.json'))
      .filter((file) => existsSync(file))
      .map((file) => JSON.parse(readFileSync(file, 'utf8')))
      .flatMap(({ dependencies, peerDependencies }) => Object.keys({ ...dependencies, ...peerDependencies }))
      .filter((name) => !/^(@hybridcam\/.+|hybridcam)$/.test(name)),
  ),
);
const wrong = [...needed]
  .map((name) => [name, named.filter((other) => other === name).length])
  .filter(([, times]) => times !== 1)
  .map(([name, times]) => `${name}: ${times} times`);
if (wrong.length > 0) {
  console.error(`THIRD_PARTY_NOTICES.md should name each of these once:\n  ${wrong.join('\n  ')}`);
  process.exitCode = 1;
}
