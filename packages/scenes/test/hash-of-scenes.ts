import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import { generateScene, type SceneOptions, sceneClasses } from '../src/index.ts';

const requests: readonly Omit<SceneOptions, 'seed'>[] = [
  { kind: 'single' },
  { kind: 'two-objects' },
  { kind: 'clever-hans', variant: 'confounded' },
  { kind: 'null' },
  { kind: 'single', size: 131, area: [0.2, 0.22] },
];

/** One hash over pictures and masks of fifty scenes: every class, background family, kind and another size. */
export function hashOfScenes(): string {
  const hash = sha256.create();
  for (let seed = 0; seed < 50; seed++) {
    const request = requests[seed % requests.length]!;
    const named =
      request.kind === 'single'
        ? { className: sceneClasses[Math.floor(seed / 5) % sceneClasses.length]! }
        : {};
    const scene = generateScene({ seed, ...request, ...named });
    hash.update(scene.image.data);
    for (const region of [...scene.objects, ...scene.distractors]) hash.update(region.mask);
    if (scene.mark) hash.update(scene.mark.mask);
  }
  return bytesToHex(hash.digest());
}

/** @public The browser test bundles this file. */
export { loadScenesNetwork } from '../src/index.ts';

export const expectedHash = '0017ab84682c60122c06aaa358a02a733c4b3454e0c550421fb23745882458c4';
