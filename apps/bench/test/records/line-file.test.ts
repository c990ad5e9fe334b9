import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openLineFile, openLineFiles } from '../../src/records/line-file.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bench-lines-'));
  file = path.join(folder, 'a.jsonl');
});

describe('openLineFile', () => {
  it('appends whole lines and cuts off a torn one when it is opened again', async () => {
    const first = await openLineFile(file);
    await first.append([{ a: 1 }, { a: 2 }]);
    await first.close();
    appendFileSync(file, '{"a": 3, "tor');
    const second = await openLineFile(file);
    await second.append([{ a: 4 }]);
    await second.close();
    expect(readFileSync(file, 'utf8')).toBe('{"a":1}\n{"a":2}\n{"a":4}\n');
  });

  it('empties a file that is nothing but a torn line, however long', async () => {
    writeFileSync(file, 'x'.repeat(200_000));
    const opened = await openLineFile(file);
    await opened.close();
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('refuses a folder with a typed error', async () => {
    mkdirSync(file);
    await expect(openLineFile(file)).rejects.toMatchObject({ code: 'IO' });
  });
});

describe('openLineFiles', () => {
  it('opens each by its name', async () => {
    const { a, b } = await openLineFiles({ a: file, b: path.join(folder, 'b.jsonl') });
    await b.append([{ b: 1 }]);
    await Promise.all([a.close(), b.close()]);
    expect(readFileSync(path.join(folder, 'b.jsonl'), 'utf8')).toBe('{"b":1}\n');
  });

  it('leaves none open where one cannot be', async () => {
    mkdirSync(path.join(folder, 'b.jsonl'));
    const open = () => process.getActiveResourcesInfo().filter((name) => name.includes('FILEHANDLE')).length;
    const before = open();
    await expect(openLineFiles({ a: file, b: path.join(folder, 'b.jsonl') })).rejects.toMatchObject({
      code: 'IO',
    });
    expect(open()).toBe(before);
  });
});
