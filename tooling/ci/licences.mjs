// `pnpm check:licences`: fails where a package that ours need at run time has a licence that nobody has looked at.
import { execFileSync } from 'node:child_process';

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
