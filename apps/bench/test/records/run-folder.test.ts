import { appendFileSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCurves, readPictures, readRecords } from '../../src/records/read-records.ts';
import type { MetricRecord } from '../../src/records/record.ts';
import { openRunFolder } from '../../src/records/run-folder.ts';
import { newFolder } from '../bench-command.ts';
import { toyRecords } from '../toy-records.ts';
import { toyRun as run } from '../toy-run.ts';

const [first, second] = toyRecords('grad-cam', [0.1, 0.2]) as [MetricRecord, MetricRecord];
const result = (record: MetricRecord) => ({
  records: [record],
  curves: [{ v: 1, key: record.key, x: [0, 1], y: [0.1, 0.9] }] as const,
  picture: { v: 1, key: record.sha256, image: record.image, picture: '', maps: [] } as const,
});
const linesOf = (folder: string, file: string) =>
  readFileSync(path.join(folder, file), 'utf8').split('\n').filter(Boolean);

async function written(folder: string, resume: boolean, ...records: MetricRecord[]) {
  const opened = await openRunFolder(folder, run, resume);
  for (const record of records) await opened.add(result(record));
  await opened.close();
}

describe('a folder whose writer died', () => {
  it('between curves and records: nothing is doubled, and the picture is there', async () => {
    const folder = newFolder();
    await written(folder, false, first, second);
    // As the kill leaves it: the second image's curve and picture, not its record.
    const kept = linesOf(folder, 'records.jsonl')[0]!;
    writeFileSync(path.join(folder, 'records.jsonl'), `${kept}\n`);
    await written(folder, true, second);
    expect(linesOf(folder, 'records.jsonl')).toHaveLength(2);
    expect(linesOf(folder, 'curves.jsonl')).toHaveLength(2);
    expect(linesOf(folder, 'pictures.jsonl')).toHaveLength(2);
    expect((await readCurves(folder)).size).toBe(2);
  });

  it('in the middle of a curve: that is cut off and written again', async () => {
    const folder = newFolder();
    await written(folder, false, first, second);
    const curves = path.join(folder, 'curves.jsonl');
    truncateSync(curves, readFileSync(curves).length - 5);
    writeFileSync(path.join(folder, 'records.jsonl'), `${linesOf(folder, 'records.jsonl')[0]}\n`);
    await written(folder, true, second);
    expect(linesOf(folder, 'curves.jsonl')).toHaveLength(2);
    for (const line of linesOf(folder, 'curves.jsonl')) expect(JSON.parse(line).y).toEqual([0.1, 0.9]);
  });

  it('or still lives: a second writer is refused, and lines that were doubled before are read once', async () => {
    const folder = newFolder();
    const open = await openRunFolder(folder, run, false);
    await expect(openRunFolder(folder, run, true)).rejects.toThrow('is being written');
    await open.add(result(first));
    await open.close();
    const [line] = linesOf(folder, 'records.jsonl');
    appendFileSync(path.join(folder, 'records.jsonl'), `${line}\n`);
    expect(await readRecords(folder)).toHaveLength(1);
    await (await openRunFolder(folder, run, true)).close();
  });
});

describe('the picture of an image whose records were taken back', () => {
  const drawnAnew = {
    ...result({ ...first, key: 'under another truth' }),
    picture: { ...result(first).picture, picture: 'new' },
  };
  const takeBack = { records: [], curves: [], withdrawn: [first.key] };

  it.each([
    ['in the same start', false],
    ['after a kill in between', true],
  ])('is drawn again with the new ones (%s)', async (_, isKilled) => {
    const folder = newFolder();
    await written(folder, false, first, second);
    let opened = await openRunFolder(folder, run, true);
    await opened.add(takeBack);
    if (isKilled) {
      await opened.close();
      opened = await openRunFolder(folder, run, true);
    }
    await opened.add(drawnAnew, { ...result(second), picture: { ...result(second).picture, picture: 'no' } });
    await opened.close();
    const pictures = await readPictures(folder);
    expect([first, second].map(({ sha256 }) => pictures.get(sha256)!.picture)).toEqual(['new', '']);
  });
});
