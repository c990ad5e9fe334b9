/**
 * Makes a trained network the one that the package ships.
 *
 *   node tooling/scenes/ship-weights.mjs FILE.safetensors
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';

const [source] = process.argv.slice(2);
const home = new URL('../../packages/scenes/', import.meta.url);
mkdirSync(new URL('weights/', home), { recursive: true });
copyFileSync(source, new URL('weights/scenes.safetensors', home));
const bytes = readFileSync(source);
const hash = createHash('sha256').update(bytes).digest('hex');
writeFileSync(
  new URL('src/scenes-weights.ts', home),
  `// Written by tooling/scenes/ship-weights.mjs from weights/scenes.safetensors.

/** Lower-case hex SHA-256 of the weights file. */
export const scenesWeightsSha256: string = '${hash}';

/** The weights file in base64. */
export const scenesWeights: string =
  '${bytes.toString('base64')}';
`,
);
console.log(`${bytes.length} bytes, SHA-256 ${hash}`);
