import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { heldOutSeed, renderScene, sampleScene } from '@hybridcam/scenes';
import { encodePng } from '@hybridcam/viz';
import { beforeEach, describe, expect, it } from 'vitest';
import { readRecords } from '../../src/records/read-records.ts';
import type { MetricRecord } from '../../src/records/record.ts';
import { newFolder, readIn } from '../bench-command.ts';
import { bench } from '../run-bench.ts';

const scene = renderScene(sampleScene({ seed: heldOutSeed + 3 }));
const { height, width } = scene.image;
const black = new Uint8Array(4 * height * width).map((_, i) => (i % 4 === 3 ? 255 : 0));

let images: string;
let out: string;
beforeEach(() => {
  images = newFolder();
  out = path.join(newFolder(), 'run');
  writeFileSync(
    path.join(images, 'a.png'),
    encodePng({ ...scene.image, data: new Uint8Array(scene.image.data) }),
  );
});

const list = (...lines: readonly object[]) =>
  writeFileSync(
    path.join(images, 'list.jsonl'),
    lines.map((line) => `${JSON.stringify({ file: 'a.png', ...line })}\n`).join(''),
  );
const drawMask = (name: string, inside: ArrayLike<number>) =>
  writeFileSync(
    path.join(images, name),
    encodePng({
      width,
      height,
      data: black.map((value, i) => (inside[Math.floor(i / 4)] ? 255 : value)),
    }),
  );
const run = (folder: string, ...more: string[]) =>
  bench(
    'run',
    ...['--images', path.join(images, 'list.jsonl'), '--method', 'grad-cam,random', '--batch', '8'],
    ...['--metric', 'energy,sparseness', '--out', folder, '-q', ...more],
  );
const energies = async (folder: string) =>
  (await readRecords(folder))
    .filter(({ metric, method }) => metric === 'energy' && method === 'grad-cam')
    .map(({ value }) => value);

describe('what is said of an image beside its bytes', () => {
  it('is part of the keys: a box that was moved is measured anew, and the old number is gone', async () => {
    list({ box: [0, 0, width, height] });
    expect((await run(out)).code).toBe(0);
    expect(await energies(out)).toEqual([expect.closeTo(1, 6)]);
    list({ box: [0, 0, 4, 4] });
    expect((await run(out, '--resume')).code).toBe(0);
    const fresh = path.join(newFolder(), 'run');
    await run(fresh);
    expect(await energies(out)).toEqual(await energies(fresh));
    expect(readIn(out, 'summary.csv')).toBe(readIn(fresh, 'summary.csv'));
    // And back again: the key that was taken back holds once more.
    list({ box: [0, 0, width, height] });
    await run(out, '--resume');
    expect(await energies(out)).toEqual([expect.closeTo(1, 6)]);
    // What does not see the box is not measured again.
    const sparseness = readIn(out, 'records.jsonl').match(/"metric":"sparseness"/g);
    expect(sparseness).toHaveLength(2);
  });

  it('two boxes on one file are two values of energy and one of sparseness', async () => {
    list({ box: [0, 0, width, height] }, { box: [0, 0, 4, 4] });
    await run(out);
    expect(new Set(await energies(out)).size).toBe(2);
    const count = (metric: string) =>
      Number(
        readIn(out, 'summary.csv')
          .split('\n')
          .find((line) => line.startsWith('grad-cam') && line.includes(`,${metric},`))!
          .split(',')[5],
      );
    expect([count('energy'), count('sparseness')]).toEqual([2, 1]);
    // A start that does only the first line leaves the second's numbers alone.
    await run(out, '--resume', '--limit', '1');
    expect(await energies(out)).toHaveLength(2);
  });

  it('a class without evidence tells which images are misclassified, and a changed one flags anew', async () => {
    list({});
    await run(out);
    const [plain] = await readRecords(out);
    const flags = async () =>
      (await readRecords(out)).filter(({ metric }) => metric === 'sparseness').map((record) => record.flags);
    list({ class: plain!.class });
    await run(out, '--resume');
    expect(await flags()).toEqual([[], []]);
    list({ class: plain!.class + 1 });
    await run(out, '--resume');
    expect(await flags()).toEqual([['misclassified'], ['misclassified']]);
  });

  it('takes a mask from a picture beside it: energy in all of it is 1, and of another size it is a failure row', async () => {
    const energyIn = async (inside: ArrayLike<number>): Promise<MetricRecord['value']> => {
      drawMask('mask.png', inside);
      list({ mask: 'mask.png' });
      await run(out, '--resume');
      return (await energies(out))[0]!;
    };
    expect(await energyIn(new Uint8Array(width * height).fill(1))).toBeCloseTo(1, 6);
    const own = await energyIn(scene.objects[0]!.mask);
    expect(own).toBeGreaterThan(0);
    expect(own).toBeLessThan(0.99);
    writeFileSync(
      path.join(images, 'mask.png'),
      encodePng({ width: 2, height: 2, data: new Uint8Array(16).fill(255) }),
    );
    expect((await run(out, '--resume')).code).toBe(1);
    expect(readIn(out, 'failures.jsonl')).toContain(`expected the picture's size, ${width}×${height}`);
  });

  it('a missing mask fails its own line and not another of the same file', async () => {
    list({ box: [0, 0, 4, 4] }, { mask: 'gone.png' });
    const { code, stdout } = await run(out);
    expect(code).toBe(1);
    expect(stdout).toContain('1 image failed');
    expect(await energies(out)).toHaveLength(1);
  });

  it('another image under the same name replaces its numbers', async () => {
    list({});
    await run(out);
    const other = renderScene(sampleScene({ seed: heldOutSeed + 4 })).image;
    writeFileSync(path.join(images, 'a.png'), encodePng({ ...other, data: new Uint8Array(other.data) }));
    await run(out, '--resume');
    const fresh = path.join(newFolder(), 'run');
    await run(fresh);
    expect(readIn(out, 'summary.csv')).toBe(readIn(fresh, 'summary.csv'));
  });

  it.each([
    ['the changed one first', ['a.png', 'b.png']],
    ['the changed one last', ['b.png', 'a.png']],
  ])(
    'a file of the same bytes keeps the numbers that it shares with a changed one (%s)',
    async (_, files) => {
      writeFileSync(path.join(images, 'b.png'), readFileSync(path.join(images, 'a.png')));
      list({ file: 'a.png' }, { file: 'b.png' });
      await run(out);
      const other = renderScene(sampleScene({ seed: heldOutSeed + 4 })).image;
      writeFileSync(path.join(images, 'a.png'), encodePng({ ...other, data: new Uint8Array(other.data) }));
      list(...files.map((file) => ({ file })));
      expect((await run(out, '--resume')).code).toBe(0);
      const fresh = path.join(newFolder(), 'run');
      await run(fresh);
      expect(new Set((await readRecords(out)).map(({ sha256 }) => sha256)).size).toBe(2);
      // Shared numbers keep the name they were made under, and the order of rows follows names.
      const rows = (folder: string) => readIn(folder, 'summary.csv').split('\n').sort();
      expect(rows(out)).toEqual(rows(fresh));
    },
  );

  it('refuses a manifest that ends in half a line, unknown fields, and two kinds of evidence', async () => {
    writeFileSync(path.join(images, 'list.jsonl'), '{"file":"a.png"}\n{"file":"a.p');
    const torn = await run(out);
    expect(torn.code).not.toBe(0);
    expect(torn.stderr).toContain('line 2');
    list({ boxes: [0, 0, 1, 1] });
    expect((await run(out)).stderr).toContain('received "boxes"');
    list({ box: [0, 0, 1, 1], mask: 'mask.png' });
    expect((await run(out)).stderr).toContain('"box" or "mask"');
  });
});

describe('the class that a label names', () => {
  it('is part of the protocol: other labels are another run', async () => {
    const labels = (first: string, second: string) =>
      writeFileSync(
        path.join(images, 'labels.txt'),
        [first, second, ...Array.from({ length: 8 }, (_, i) => `n${i + 2}`)].join('\n'),
      );
    list({});
    labels('n0', 'n1');
    const more = ['--labels', path.join(images, 'labels.txt'), '--class', 'n1'];
    expect((await run(out, ...more)).code).toBe(0);
    expect((await readRecords(out)).map((record) => record.class)).toEqual([1, 1, 1, 1]);
    labels('n1', 'n0');
    expect((await run(out, ...more, '--resume')).stderr).toContain('differs in: classIndex');
    // By its index it is the same class.
    labels('n0', 'n1');
    expect((await run(out, '--class', '1', '--resume')).code).toBe(0);
  });
});
