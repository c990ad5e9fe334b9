import { appendFileSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { openLineFile, readLines } from '../../src/records/json-lines.ts';

let file: string;
beforeEach(() => {
  file = path.join(mkdtempSync(path.join(tmpdir(), 'bench-lines-')), 'a.jsonl');
});

async function all(): Promise<unknown[]> {
  const lines = [];
  for await (const line of readLines(file)) lines.push(line);
  return lines;
}

describe('openLineFile', () => {
  it('appends whole lines and cuts off a torn one when it is opened again', async () => {
    const first = await openLineFile(file);
    await first.append([{ a: 1 }, { a: 2 }]);
    await first.close();
    appendFileSync(file, '{"a": 3, "tor');
    expect(await all()).toEqual([{ a: 1 }, { a: 2 }]);
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

  it('says where a damaged line stands', async () => {
    writeFileSync(file, '{"a":1}\noops\n{"a":2}\n');
    await expect(all()).rejects.toThrow('line 2');
  });

  it('reads no file as no lines', async () => {
    expect(await all()).toEqual([]);
  });
});
