import { existsSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { renderScene, sampleScene } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { describe, expect, it } from 'vitest';
import { main } from '../src/main.ts';
import { isBuilt, keysIn, launcher, newFolder, readIn, start } from './bench-command.ts';

const run = (out: string, ...more: string[]) => [
  'run',
  ...['--images', 'scenes:4', '--method', 'grad-cam,hybrid', '--batch', '8', '--out', out],
  ...more,
];

describe('images that go while a run is under way', () => {
  it('are rows with their reasons; the others are evaluated', async () => {
    const [images, out] = [newFolder(), newFolder()];
    const names = ['a.png', 'b.png', 'c.png', 'd.png', 'e.png'];
    for (const [i, name] of names.entries()) {
      const { image } = renderScene(sampleScene({ seed: 7 + i }));
      writeFileSync(path.join(images, name), encodePng({ ...image, data: new Uint8Array(image.data) }));
    }
    let changed = false;
    const change = (text: string) => {
      if (changed || !text.includes('a.png')) return true;
      changed = true;
      rmSync(path.join(images, 'd.png'));
      writeFileSync(path.join(images, 'e.png'), 'no picture any more');
      writeFileSync(path.join(images, 'f.png'), 'and one more');
      return true;
    };
    const code = await main(['run', '--images', images, '--batch', '4', '--out', out], {
      stdout: { write: () => true },
      stderr: { write: change },
      signal: new AbortController().signal,
    });
    expect(code).toBe(1);
    const failures = readIn(out, 'failures.jsonl')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(failures.map(({ image, error }) => [image, error.code])).toEqual([
      ['d.png', 'NOT_FOUND'],
      ['e.png', 'IMAGE_FORMAT'],
    ]);
    expect(keysIn(out)).toHaveLength(3 * 2);
    expect(readIn(out, 'report.html')).toContain('Images that failed');
  });
});

describe.skipIf(!isBuilt)('a disk that is full (needs pnpm build)', { timeout: 600_000 }, () => {
  it('ends the run with a sentence; with room again it resumes to the whole summary', async () => {
    const [whole, cut] = [newFolder(), newFolder()];
    expect((await start(run(whole))).code).toBe(0);
    // Files of at most 6 KiB: the kernel refuses the write that would pass that, half-way through a line.
    const limited = ['bash', '-c', 'ulimit -f 6; exec "$0" "$@"', process.execPath, launcher];
    const { code, stderr } = await start(run(cut), () => {}, limited);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /bench: cannot write .*jsonl: EFBIG.*What was written before is kept; free space and resume\./,
    );
    expect((await start(run(cut, '--resume'))).code).toBe(0);
    expect(readIn(cut, 'summary.csv')).toBe(readIn(whole, 'summary.csv'));
    expect(keysIn(cut).sort()).toEqual(keysIn(whole).sort());
  });

  it.skipIf(!existsSync('/dev/full'))('says so for a device without room too', async () => {
    const out = newFolder();
    expect((await start(run(out, '--limit', '1'))).code).toBe(0);
    rmSync(path.join(out, 'records.jsonl'));
    symlinkSync('/dev/full', path.join(out, 'records.jsonl'));
    const { code, stderr } = await start(run(out, '--resume'));
    expect(code).toBe(1);
    expect(stderr).toMatch(/bench: cannot write .*records\.jsonl: ENOSPC/);
  });
});
