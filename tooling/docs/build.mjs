// `pnpm docs:build`: the documentation site in docs/dist. The reference comes from the sources, every other page from docs/.
// Ends with a look at every link of what was built.
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { command } from '../release/command.mjs';
import { brokenLinks } from './broken-links.mjs';
import { llmsText } from './llms-text.mjs';
import { writeReference } from './write-reference.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const docs = path.join(root, 'docs');
const site = path.join(docs, 'dist');

await writeReference(root);
await command('pnpm', ['exec', 'vitepress', 'build'], { cwd: docs });
const { index, full } = llmsText(docs);
writeFileSync(path.join(site, 'llms.txt'), index);
writeFileSync(path.join(site, 'llms-full.txt'), full);

const broken = brokenLinks(site, process.env.HYBRIDCAM_DOCS_BASE ?? '/');
if (broken.length > 0) {
  console.error(broken.join('\n'));
  process.exitCode = 1;
} else console.log(`The site is in ${path.relative(root, site)}; every link in it leads somewhere.`);
