import { join } from 'node:path';
import { OptionError, throwIfAborted } from '@hybridcam/core';
import type { MarkVariant, Scene, SceneKind, SceneOptions, SceneRegion } from '@hybridcam/scenes';
import type { RgbaImage } from '@hybridcam/viz';
import { assertWritableFolder } from '../../assert-writable-folder.ts';
import { picture } from '../../picture.ts';
import { writeWholeFile } from '../../write-whole-file.ts';
import type { Command, CommandContext } from '../command.ts';
import { EXIT } from '../exit-code.ts';
import { choiceValue, countValue } from '../flag-values.ts';
import type { FlagValues } from '../flags.ts';
import { createProgress } from '../progress.ts';

const FLAGS = {
  count: { value: 'N', short: 'n', help: 'How many, up to 1000000. Default: 10.' },
  kind: {
    value: 'KIND',
    help: 'single (one object), two-objects (of two classes), clever-hans (an object and a mark that may give the class away), null (no object). Default: single.',
  },
  variant: {
    value: 'VARIANT',
    help: 'Of clever-hans, which needs it: confounded (the mark always names the class), balanced (any class) or absent.',
  },
  class: { value: 'NAME', help: 'Class of the object. Default: all classes, drawn from the seed.' },
  size: { value: 'N', help: 'Side in pixels, 32 to 2048. Default: 96.' },
  seed: {
    value: 'N',
    help: 'Seed of the first scene; the others follow. Below 1000000000 lie the scenes on which the scenes network was trained. Default: 1000000000.',
  },
  out: { value: 'DIR', short: 'o', help: 'Where files go. Default: ./hybridcam-scenes.' },
  quiet: { short: 'q', help: 'No progress and no summary.' },
} as const;

const LARGEST_COUNT = 1_000_000;
/** A seed has 32 bits: larger ones would draw the scenes of smaller ones again. */
const LARGEST_SEED = 2 ** 32 - 1;
const KINDS: readonly SceneKind[] = ['single', 'two-objects', 'clever-hans', 'null'];
const VARIANTS: readonly MarkVariant[] = ['confounded', 'balanced', 'absent'];

export const scenesCommand: Command<typeof FLAGS> = {
  name: 'scenes',
  usage: '[flags]',
  summary: 'draw pictures whose evidence is known to the pixel',
  description:
    'Draws scenes with their exact masks, to judge explanations by: KIND-SEED.png, in masks/ one picture per object, distractor and mark (white where it can be seen), and manifest.jsonl with every factor. The same seed gives the same bytes everywhere.',
  flags: FLAGS,
  examples: [
    'hybridcam scenes --count 100 --out scenes/',
    'hybridcam scenes --kind clever-hans --variant confounded --count 20',
  ],
  run: drawScenes,
};

async function drawScenes(
  flags: FlagValues<typeof FLAGS>,
  positionals: readonly string[],
  { stdout, stderr, signal }: CommandContext,
): Promise<number> {
  if (positionals.length > 0) {
    throw new OptionError(`scenes: expected flags only; received "${positionals[0]}".`);
  }
  const { generateScene, heldOutSeed, sceneClasses, sceneManifest } = await import('@hybridcam/scenes');
  const count = flags.count === undefined ? 10 : countValue('--count', flags.count, 1, LARGEST_COUNT);
  const first =
    flags.seed === undefined ? heldOutSeed : countValue('--seed', flags.seed, 0, LARGEST_SEED - (count - 1));
  const kind = flags.kind === undefined ? 'single' : choiceValue('--kind', flags.kind, KINDS);
  if ((kind === 'clever-hans') !== (flags.variant !== undefined)) {
    throw new OptionError(
      `--variant: expected one of ${VARIANTS.join(', ')} with --kind clever-hans, and only then; received ${flags.variant === undefined ? 'none' : `"${flags.variant}"`} with --kind ${kind}.`,
    );
  }
  const shared: Omit<SceneOptions, 'seed'> = {
    kind,
    ...(flags.variant === undefined ? {} : { variant: choiceValue('--variant', flags.variant, VARIANTS) }),
    ...(flags.class === undefined ? {} : { className: choiceValue('--class', flags.class, sceneClasses) }),
    ...(flags.size === undefined ? {} : { size: countValue('--size', flags.size) }),
  };
  // Before the folder is touched: a combination of factors that no scene can meet is a matter of the command line.
  generateScene({ ...shared, seed: first });
  const out = flags.out ?? './hybridcam-scenes';
  await assertWritableFolder(out);
  const progress = createProgress(stderr, { quiet: flags.quiet === true });
  const manifest: string[] = [];
  try {
    for (let seed = first; seed < first + count; seed++) {
      throwIfAborted(signal, 'scenes');
      // A log need not hold a line per scene.
      if ((seed - first) % 100 === 0) progress.show(`drawing ${seed - first + 1}/${count}`);
      const scene = generateScene({ ...shared, seed });
      const name = `${kind}-${seed}`;
      await picture(scene.image).save(join(out, `${name}.png`));
      // In a folder of their own: `hybridcam explain` of the folder takes the scenes alone.
      const masks: string[] = [];
      for (const [part, image] of maskPictures(scene)) {
        const file = `masks/${name}.${part}.png`;
        masks.push(file);
        await picture(image).save(join(out, file));
      }
      manifest.push(`${JSON.stringify({ file: `${name}.png`, masks, ...sceneManifest(scene) })}\n`);
    }
    await writeWholeFile(join(out, 'manifest.jsonl'), manifest.join(''));
  } finally {
    progress.clear();
  }
  if (!flags.quiet) stdout.write(`${count} scenes with masks and manifest.jsonl in ${out}\n`);
  return EXIT.done;
}

/** White where a thing can be seen, by its part of the file name; in the order of the manifest's regions. */
function maskPictures(scene: Scene): ReadonlyMap<string, RgbaImage> {
  const { width, height } = scene.image;
  const pictures = new Map<string, RgbaImage>();
  const add = (part: string, { mask }: SceneRegion): void => {
    const data = new Uint8Array(mask.length * 4);
    for (let i = 0; i < mask.length; i++) {
      data.fill(mask[i] === 1 ? 255 : 0, 4 * i, 4 * i + 3);
      data[4 * i + 3] = 255;
    }
    pictures.set(part, { data, width, height });
  };
  for (const [i, region] of scene.objects.entries()) add(`object-${i + 1}`, region);
  for (const [i, region] of scene.distractors.entries()) add(`distractor-${i + 1}`, region);
  if (scene.mark !== null) add('mark', scene.mark);
  return pictures;
}
