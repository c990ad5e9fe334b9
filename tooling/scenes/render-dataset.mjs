/**
 * Renders a training set for train.py.
 *
 *   node tooling/scenes/render-dataset.mjs PLAN FOLDER [SHARD/SHARDS]
 *
 * Writes FOLDER/PLAN.SHARD.images.u8, [count, 96, 96, 3], and FOLDER/PLAN.SHARD.labels.i8, [count, 2]: the classes of up to two
 * objects, −1 for none. Run `pnpm build` first.
 */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { generateScene, sceneClasses } from '@hybridcam/scenes';
import { plans } from './dataset-plan.mjs';

const [name, folder, shardText = '0/1'] = process.argv.slice(2);
const plan = plans[name];
if (plan === undefined || folder === undefined) {
  throw new Error(`usage: render-dataset.mjs ${Object.keys(plans).join('|')} FOLDER [SHARD/SHARDS]`);
}
const [shard, shards] = shardText.split('/').map(Number);
mkdirSync(folder, { recursive: true });
const file = openSync(join(folder, `${name}.${shard}.images.u8`), 'w');
const labels = [];
for (let i = shard; i < plan.count; i += shards) {
  const options = plan.options(i);
  const className =
    options.kind === 'null'
      ? {}
      : { className: sceneClasses[(i + Math.floor(i / 100)) % sceneClasses.length] };
  const scene = generateScene({ seed: plan.firstSeed + i, ...options, ...className });
  const { data, width, height } = scene.image;
  const pixels = new Uint8Array(width * height * 3);
  for (let from = 0, to = 0; to < pixels.length; from++) if (from % 4 !== 3) pixels[to++] = data[from];
  writeSync(file, pixels);
  labels.push(scene.objects[0]?.classIndex ?? -1, scene.objects[1]?.classIndex ?? -1);
  if (labels.length % 4000 === 0) process.stderr.write(`\r${name} ${labels.length / 2}`);
}
closeSync(file);
writeFileSync(join(folder, `${name}.${shard}.labels.i8`), Int8Array.from(labels));
process.stderr.write('\n');
