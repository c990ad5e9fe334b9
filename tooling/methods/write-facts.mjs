// Fills the generated tables of docs/methods from the code. After `pnpm build`: node tooling/methods/write-facts.mjs
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { methodNames } from '@hybridcam/core';
import { capabilityTable, factsTable, furtherFactsTable, furtherTable, withBlock } from './facts.mjs';
import { furtherNames } from './further-methods.mjs';

const folder = path.resolve(import.meta.dirname, '../../docs/methods');
const measured = JSON.parse(readFileSync(path.join(folder, 'measured.json'), 'utf8'));
for (const [file, block] of [
  ['index.md', `${capabilityTable(measured)}\n\n${furtherTable(measured)}`],
  ...methodNames.map((name) => [`${name}.md`, factsTable(name, measured)]),
  ...furtherNames.map((name) => [`${name}.md`, furtherFactsTable(name, measured)]),
]) {
  const target = path.join(folder, file);
  writeFileSync(target, withBlock(readFileSync(target, 'utf8'), block, file));
}
