import { existsSync } from 'node:fs';
import path from 'node:path';
import { seededRandom } from '@hybridcam/metrics';
import { describe, expect, it } from 'vitest';
import { isBuilt, keysIn, newFolder, readIn, start } from './bench-command.ts';

/** The whole number of kills is the documented command in docs/findings.md; the test suite does a few. */
const KILLS = Number(process.env['HYBRIDCAM_KILLS'] ?? 8);
const IMAGES = 10;
const LONGEST_DELAY_MS = 60;

const args = (out: string) => [
  'run',
  ...['--images', `scenes:${IMAGES}`, '--method', 'grad-cam,hybrid,random', '--metric', 'insertion,energy'],
  ...['--batch', '8', '--out', out],
  ...(existsSync(path.join(out, 'run.json')) ? ['--resume'] : []),
];

describe.skipIf(!isBuilt)('a run killed again and again (needs pnpm build)', () => {
  it(
    `ends after ${KILLS} kills in the summary of an uninterrupted one, byte for byte`,
    async () => {
      const whole = newFolder();
      expect((await start(args(whole))).code).toBe(0);
      const random = seededRandom(Number(process.env['HYBRIDCAM_SEED'] ?? 1));
      const expectWhole = (folder: string) => {
        expect(readIn(folder, 'summary.csv')).toBe(readIn(whole, 'summary.csv'));
        expect(keysIn(folder).sort()).toEqual(keysIn(whole).sort());
      };
      let folder = newFolder();
      for (let kills = 0; kills < KILLS; ) {
        // After some images or before any, and some moments later: in the middle of an image, of a write, of the report.
        const after = random.integer(IMAGES / 2 + 1);
        const delay = random.uniform() * LONGEST_DELAY_MS;
        let images = 0;
        let aimed = false;
        const { code } = await start(args(folder), (text, kill) => {
          images += text.match(/\d+\/\d+ · scene/g)?.length ?? 0;
          if (aimed || images < after) return;
          aimed = true;
          setTimeout(kill, delay);
        });
        if (code === null) kills++;
        else {
          expect(code).toBe(0);
          expectWhole(folder);
          folder = newFolder();
        }
      }
      expect((await start(args(folder))).code).toBe(0);
      expectWhole(folder);
    },
    60_000 * (1 + KILLS),
  );
});
